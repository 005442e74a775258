import { resolve } from 'node:path';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { ModuleProbe } from '../../../shared/pkcs11-module.ts';
import type { TokenInfo, TokenSelector } from '../../../shared/token.ts';
import type { TokenDetails } from '../../../shared/token-details.ts';
import type { BrokenCall, Keystore } from '../keystore.ts';
import type { ProcessLauncher } from '../process-launcher.ts';
import { type CallOptions, type HostClient, pinPadMs } from './host-client.ts';
import type { CallName } from './messages.ts';
import { type ModuleHostOptions, ModuleHosts } from './module-hosts.ts';
import { type FoundModule, findModules } from './module-paths.ts';
import { probeModule } from './module-probe.ts';
import { TokenKeystore } from './token-keystore.ts';
import type {
  ChangePinRequest,
  InitialiseTokenRequest,
  OpenTokenRequest,
  ResetPinRequest,
} from './token-requests.ts';
import { type TokenPicture, watchTokens } from './token-watch.ts';

/** All tokens of all PKCS#11 modules; vendor code runs in processes of its own. */
export interface TokenBridge {
  /** The well-known modules that are installed here; none is loaded. */
  findModules(): FoundModule[];
  /** Loads a module in a process of its own and tells what it says of itself, or why it cannot be used. */
  probeModule(module: string): Promise<ModuleProbe>;
  /** What C_Initialize of the module is told from now on; NSS softokn needs its database named. */
  setLibraryParameters(module: string, parameters: string): void;
  /**
   * The tokens in the module's slots, uninitialised ones too, seen afresh each time.
   * @param signal aborted when nobody wants to know any more: the process that looks ends.
   * @throws StationError MODULE-01…06, CANCEL-01.
   */
  listTokens(module: string, signal?: AbortSignal): Promise<TokenInfo[]>;
  /** All that the tokens say of themselves. @throws StationError MODULE-01…06. */
  describeTokens(module: string): Promise<TokenDetails[]>;
  /** Tells what is in the module's slots, now and at each change. @returns a function that ends it. */
  watchTokens(module: string, tell: (picture: TokenPicture) => void): () => void;
  /**
   * Initialises a token and sets its user PIN.
   * @returns the token as it is found afterwards: its slot number may have changed.
   * @throws StationError TOKEN-11 (initialised already), TOKEN-13 (label), PIN-04, PIN-06 (SO PIN refused), MODULE-….
   */
  initialiseToken(request: InitialiseTokenRequest): Promise<TokenInfo>;
  /**
   * Gives the token another PIN for the present one.
   * @returns the token as it is found afterwards.
   * @throws StationError TOKEN-01, 02, 04, 07, 10, PIN-01…06, PIN-09, PIN-12, MODULE-….
   */
  changePin(request: ChangePinRequest): Promise<TokenInfo>;
  /**
   * Sets the user PIN anew with the SO PIN; keys and certificates stay.
   * @returns the token as it is found afterwards.
   * @throws StationError TOKEN-01, 02, 04, 07, 10, PIN-02…06, PIN-09, PIN-12, MODULE-….
   */
  resetPin(request: ResetPinRequest): Promise<TokenInfo>;
  /**
   * Opens a token, with one login at most.
   * @throws StationError TOKEN-01, 02, 04, 10, PIN-01…05, MODULE-…, CANCEL-01 (`signal`).
   */
  openToken(request: OpenTokenRequest): Promise<Keystore & { readonly token: TokenInfo }>;
  /** Closes every open token, and ends the processes of those that are being looked at or opened. */
  close(): Promise<void>;
}

/** @param options with a `signal`: aborted, no token is looked at or opened any more (CANCEL-01); open ones stay. */
export function createTokenBridge(
  launcher: ProcessLauncher,
  options: ModuleHostOptions & { readonly signal?: AbortSignal | undefined } = {},
): TokenBridge {
  const hosts = new ModuleHosts(launcher, options);
  const open = new Set<TokenKeystore>();
  const watches = new Set<() => void>();
  const listings = new Map<string, Promise<TokenInfo[]>>();
  let closing = new AbortController();
  /** Ends what changes nothing on a token, when nobody wants it any more. */
  const orClosed = (signal?: AbortSignal) =>
    AbortSignal.any([closing.signal, signal, options.signal].flatMap((one) => one ?? []));

  const listFresh = (module: string, signal?: AbortSignal) =>
    hosts.briefly(module, (host) => host.call('list-tokens', null, { signal }), { signal });

  const listTokens = (path: string, signal?: AbortSignal) => {
    const module = resolve(path);
    // A look that one person may end is not shared with others.
    if (signal !== undefined) return listFresh(module, orClosed(signal));
    const listing =
      listings.get(module) ?? listFresh(module, orClosed()).finally(() => listings.delete(module));
    listings.set(module, listing);
    return listing;
  };

  /** One call with PINs in a process of its own; two PINs may have to be typed on the reader. */
  const withPins = async (
    module: string,
    secrets: readonly Uint8Array[],
    call: (host: HostClient, options: CallOptions) => Promise<TokenInfo>,
  ) => {
    try {
      const deadline = secrets.every(({ length }) => length === 0) ? 2 * pinPadMs : undefined;
      const options = { secrets, ...(deadline === undefined ? {} : { deadline }) };
      return await hosts.briefly(module, (host) => call(host, options), { signal: orClosed() });
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  };

  return {
    findModules: () => findModules(),
    probeModule: (module) => probeModule(hosts, module),
    setLibraryParameters: (module, parameters) => hosts.setLibraryParameters(module, parameters),
    listTokens,
    describeTokens: (module) =>
      hosts.briefly(module, (host) => host.call('describe-tokens', null, { signal: orClosed() }), {
        signal: orClosed(),
      }),
    watchTokens(module, tell) {
      const end = watchTokens(hosts, module, tell);
      watches.add(end);
      return () => {
        watches.delete(end);
        end();
      };
    },

    async initialiseToken({ soPin, pin, ...request }) {
      try {
        const module = resolve(request.module);
        const host = await hosts.start(module, 0, { signal: orClosed() });
        const made = await initialise(host, { ...request, soPin, pin });
        return findAgain(await listFresh(module), made);
      } finally {
        soPin.fill(0);
        pin.fill(0);
      }
    },

    async changePin({ module: path, selector, who, oldPin, newPin, finalTryConfirmed = false }) {
      const input = { ...named(selector), who, oldPin, newPin, finalTryConfirmed };
      return await withPins(resolve(path), [oldPin, newPin], (host, options) =>
        host.call('change-pin', input, options),
      );
    },

    async resetPin({ module: path, selector, soPin, newPin, finalTryConfirmed = false }) {
      const input = { ...named(selector), soPin, newPin, finalTryConfirmed };
      return await withPins(resolve(path), [soPin, newPin], (host, options) =>
        host.call('reset-pin', input, options),
      );
    },

    async openToken({ module, keepMs, pinForUse, signal, broken, ...request }) {
      let told: BrokenCall | null = null;
      const watch: Watch = (call) => ({
        signal: orClosed(signal),
        broken: (where) => {
          told = { call, alias: null, ...where };
        },
      });
      try {
        const host = await hosts.start(module, keepMs, watch('start'));
        const token = await openHost(host, request, watch);
        const keystore = new TokenKeystore(
          token,
          host,
          () => open.delete(keystore),
          pinForUse ?? null,
        );
        open.add(keystore);
        return keystore;
      } catch (error) {
        if (told !== null) await broken?.(told);
        throw error;
      } finally {
        request.pin?.fill(0);
      }
    },

    async close() {
      closing.abort();
      closing = new AbortController();
      for (const end of watches) end();
      await Promise.all([...open].map((keystore) => keystore.close()));
    },
  };
}

async function initialise(
  host: HostClient,
  { slot, serial, label, soPin, pin, destroyExisting, finalTryConfirmed }: InitialiseTokenRequest,
): Promise<TokenInfo> {
  try {
    return await host.call(
      'initialise-token',
      {
        slot: slot ?? null,
        serial: serial ?? null,
        label,
        soPin,
        pin,
        destroyExisting: destroyExisting ?? null,
        finalTryConfirmed: finalTryConfirmed ?? false,
      },
      { secrets: [soPin, pin] },
    );
  } finally {
    host.kill();
  }
}

/** The token just initialised, as a fresh process sees it: the slot number may be another one. */
function findAgain(tokens: readonly TokenInfo[], made: TokenInfo): TokenInfo {
  const same = tokens.filter(({ label, serial }) => label === made.label && serial === made.serial);
  const found = same.find(({ slot }) => slot === made.slot) ?? same[0];
  if (found === undefined) throw new StationError('TOKEN-02', { token: made.label });
  return found;
}

/** What is to be heard of one call, and what ends it. */
type Watch = (call: CallName) => Pick<CallOptions, 'signal' | 'broken'>;

async function openHost(
  host: HostClient,
  {
    selector,
    pin,
    finalTryConfirmed = false,
  }: Pick<OpenTokenRequest, 'selector' | 'pin' | 'finalTryConfirmed'>,
  watch: Watch,
): Promise<TokenInfo> {
  try {
    const token = await host.call('open', named(selector), watch('open'));
    if (pin === null) return token;
    const input = { pin: token.pinPad ? null : pin, finalTryConfirmed };
    const deadline = token.pinPad ? { deadline: pinPadMs } : {};
    await host.call('login', input, { ...watch('login'), ...deadline, secrets: [pin] });
    return token;
  } catch (error) {
    host.kill();
    throw error;
  }
}

/** The selector without what it leaves open. */
function named({ serial, label }: TokenSelector): TokenSelector {
  return {
    ...(serial === undefined ? {} : { serial }),
    ...(label === undefined ? {} : { label }),
  };
}
