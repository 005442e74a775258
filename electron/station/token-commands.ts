import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { chosenModule, listModules } from './module-list.ts';
import type { Station } from './station.ts';
import { checkToken } from './token-check.ts';

type TokenCommand = Extract<
  keyof StationHandlers,
  `modules.${string}` | `tokens.${string}` | `objects.${string}`
>;

/** The commands about tokens, their PINs and what stands on a keystore. */
export function tokenCommands(station: Station): Pick<StationHandlers, TokenCommand> {
  const { ports, tokenCare, objects, unlocked } = station;
  return {
    'modules.list': async ({ probe }) => await listModules(ports.tokens, probe),
    'modules.probe': async ({ module, libraryParameters }) =>
      await chosenModule(ports.tokens, module, libraryParameters),
    'tokens.list': async ({ module }) => [...(await ports.tokens.listTokens(module))],
    'tokens.check': async ({ profile }) => {
      const { token, findings } = await checkToken(ports.tokens, profile);
      return { token, findings: findings.map((finding) => finding.toData()) };
    },
    'tokens.watch': async ({ modules }) => {
      station.tokenWatching.watch(modules);
      return {};
    },
    'tokens.describe': async ({ module }) => [...(await ports.tokens.describeTokens(module))],
    'tokens.initialise': async ({ soPin, pin, ...order }) => {
      await unlocked.closeModule(order.module);
      return await tokenCare.initialise(order, async () => ({ soPin, pin }));
    },
    'tokens.changePin': async ({ serial, label, oldPin, newPin, ...order }) =>
      await tokenCare.changePin({ ...order, selector: { serial, label } }, async () => ({
        oldPin,
        newPin,
      })),
    'tokens.resetPin': async ({ serial, label, soPin, newPin, ...order }) =>
      await tokenCare.resetPin({ ...order, selector: { serial, label } }, async () => ({
        soPin,
        newPin,
      })),
    'tokens.unlock': async ({ module, serial, label, pin, finalTryConfirmed }) => {
      const keystore = await ports.tokens.openToken({
        module,
        selector: { serial, label },
        pin,
        finalTryConfirmed,
        pinForUse: (token, signal) => station.wanted.pinForUse(token, signal),
      });
      await unlocked.add(keystore);
      return { token: keystore.token };
    },
    'objects.list': async ({ keystore }) => {
      const shown = await objects.list(keystore);
      return { keystore: shown.keystore, objects: [...shown.objects] };
    },
    'objects.rename': async ({ keystore, alias, to }) => {
      await objects.rename(keystore, alias, to);
      return {};
    },
    'objects.delete': async ({ keystore, alias, confirmed }) => {
      await objects.delete(keystore, alias, confirmed);
      return {};
    },
    'objects.export': async ({ keystore, alias, form }) => {
      const { content, extension } = await objects.export(keystore, alias, form);
      return { content: Uint8Array.from(content), extension };
    },
  };
}
