import type { HeldSecrets } from './held-secrets.ts';
import type { EstPort } from './ports.ts';

/** The EST side with the proxy's password added where a profile names a proxy and a user. */
export function proxiedEst(est: EstPort, secrets: HeldSecrets): EstPort {
  async function admitted<Options extends Pick<Parameters<EstPort['openExchange']>[0], 'proxy'>>(
    options: Options,
  ): Promise<Options> {
    const { proxy } = options;
    if (!proxy || proxy.username === null) return options;
    const password = await secrets.borrow('proxy-password', `${proxy.username} at ${proxy.host}`);
    return { ...options, proxy: { ...proxy, password } };
  }
  return {
    openExchange: async (options) => await est.openExchange(await admitted(options)),
    fetchProvisionally: async (options) => await est.fetchProvisionally(await admitted(options)),
  };
}
