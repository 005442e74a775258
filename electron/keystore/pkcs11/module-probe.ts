import { StationError } from '../../../shared/errors/station-error.ts';
import type { ModuleProbe } from '../../../shared/pkcs11-module.ts';
import type { Module } from './module.ts';
import type { ModuleHosts } from './module-hosts.ts';
import { trim } from './slot.ts';

/** CK_INFO in words. */
export interface ModuleInfo {
  readonly manufacturer: string;
  readonly library: string;
  readonly version: string;
  readonly cryptoki: string;
}

/** Reads what the module says of itself. */
export function readModuleInfo({ lib }: Module): ModuleInfo {
  const info = lib.C_GetInfo();
  return {
    manufacturer: trim(info.manufacturerID, 32),
    library: trim(info.libraryDescription, 32),
    version: versionText(info.libraryVersion),
    cryptoki: versionText(info.cryptokiVersion),
  };
}

/** CK_VERSION: the minor number counts hundredths (PKCS#11 v2.40 §3.1), though many count it by itself. */
export function versionText({
  major,
  minor,
}: {
  readonly major: number;
  readonly minor: number;
}): string {
  return `${major}.${minor}`;
}

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
