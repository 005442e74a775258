import { StationError } from '../../../shared/errors/station-error.ts';
import type { ModuleProbe } from '../../../shared/pkcs11-module.ts';
import type { ModuleHosts } from './module-hosts.ts';

/** Loads the module in a process of its own and looks at its slots. What goes wrong is the result, never an exception. */
export async function probeModule(hosts: ModuleHosts, module: string): Promise<ModuleProbe> {
  try {
    return await hosts.briefly(module, async (host) => {
      const info = await host.call('module-info', null);
      const tokens = await host.call('list-tokens', null);
      return { usable: true as const, ...info, tokens: tokens.length };
    });
  } catch (error) {
    return { usable: false, error: StationError.from(error).toData() };
  }
}
