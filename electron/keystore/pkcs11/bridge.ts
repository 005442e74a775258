import { resolve } from 'node:path';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { ModuleProbe } from '../../../shared/pkcs11-module.ts';
import type { TokenInfo, TokenSelector } from '../../../shared/token.ts';
import type { TokenDetails } from '../../../shared/token-details.ts';
import type { Keystore } from '../keystore.ts';
import type { ProcessLauncher } from '../process-launcher.ts';
import { type CallOptions, type HostClient, pinPadMs } from './host-client.ts';
import { type ModuleHostOptions, ModuleHosts } from './module-hosts.ts';
import { type FoundModule, findModules } from './module-paths.ts';
import { probeModule } from './module-probe.ts';
import { TokenKeystore } from './token-keystore.ts';
import { type TokenPicture, watchTokens } from './token-watch.ts';

interface InitialiseTokenRequest {
  /** Path of the PKCS#11 module; a relative one is resolved. */
  readonly module: string;
  /** The token by slot number, serial or both; with neither, the only uninitialised one. */
  readonly slot?: number | undefined;
  readonly serial?: string | undefined;
  /** 1 to 32 bytes of UTF-8. */
  readonly label: string;
  /** UTF-8; zeroed. */
  readonly soPin: Uint8Array;
  /** UTF-8; zeroed. */
  readonly pin: Uint8Array;
  /** The present label or serial of an initialised token whose contents may be destroyed. */
  readonly destroyExisting?: string | null | undefined;
  /** The operator knows that this is the SO PIN's last try. */
  readonly finalTryConfirmed?: boolean | undefined;
}

interface OpenTokenRequest {
  /** Path of the PKCS#11 module; a relative one is resolved. */
  readonly module: string;
  readonly selector: TokenSelector;
  /**
   * UTF-8; zeroed. Null opens a public session (certificates and public keys only). For a token with a
   * PIN pad an empty array: the PIN is typed there and given bytes are not used.
   */
  readonly pin: Uint8Array | null;
  /** The operator knows that this is the last try. */
  readonly finalTryConfirmed?: boolean | undefined;
  /** Stays logged in without a call for so long, where that is longer than usual; milliseconds. */
  readonly keepMs?: number | undefined;
  /** Asks for the PIN (UTF-8; zeroed) of one use of a key that wants it each time; without it such a key is PIN-10. */
  readonly pinForUse?: ((token: TokenInfo) => Promise<Uint8Array>) | undefined;
}

interface PinRequest {
  /** Path of the PKCS#11 module; a relative one is resolved. */
  readonly module: string;
  readonly selector: TokenSelector;
  /** UTF-8; zeroed. For a token with a PIN pad an empty array: the PINs are typed there. */
  readonly newPin: Uint8Array;
  /** The operator knows that this is the last try. */
  readonly finalTryConfirmed?: boolean | undefined;
}

interface ChangePinRequest extends PinRequest {
  /** Whose PIN. */
  readonly who: 'user' | 'so';
  /** The present PIN, UTF-8; zeroed. */
  readonly oldPin: Uint8Array;
}

interface ResetPinRequest extends PinRequest {
  /** UTF-8; zeroed. */
  readonly soPin: Uint8Array;
}

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
   * @throws StationError MODULE-01…06.
   */
  listTokens(module: string): Promise<TokenInfo[]>;
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
   * @throws StationError TOKEN-01, 02, 04, 07, 10, PIN-01…06, PIN-09, MODULE-….
   */
  changePin(request: ChangePinRequest): Promise<TokenInfo>;
  /**
   * Sets the user PIN anew with the SO PIN; keys and certificates stay.
   * @returns the token as it is found afterwards.
   * @throws StationError TOKEN-01, 02, 04, 07, 10, PIN-02…06, PIN-09, MODULE-….
   */
  resetPin(request: ResetPinRequest): Promise<TokenInfo>;
  /**
   * Opens a token, with one login at most.
   * @throws StationError TOKEN-01, 02, 04, 10, PIN-01…05, MODULE-….
   */
  openToken(request: OpenTokenRequest): Promise<Keystore & { readonly token: TokenInfo }>;
  /** Closes every open token; a look at tokens that is under way ends by itself. */
  close(): Promise<void>;
}

export function createTokenBridge(
  launcher: ProcessLauncher,
  options: ModuleHostOptions = {},
): TokenBridge {
  const hosts = new ModuleHosts(launcher, options);
  const open = new Set<TokenKeystore>();
  const watches = new Set<() => void>();
  const listings = new Map<string, Promise<TokenInfo[]>>();

  const listFresh = (module: string) =>
    hosts.briefly(module, (host) => host.call('list-tokens', null));

  const listTokens = (path: string) => {
    const module = resolve(path);
    const listing =
      listings.get(module) ?? listFresh(module).finally(() => listings.delete(module));
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
      return await hosts.briefly(module, (host) => call(host, options));
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  };

  return {
    findModules: () => findModules(),
    probeModule: (module) => probeModule(hosts, module),
    setLibraryParameters: (module, parameters) => hosts.setLibraryParameters(module, parameters),
    listTokens,
    describeTokens: (module) => hosts.briefly(module, (host) => host.call('describe-tokens', null)),
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
        const made = await initialise(await hosts.start(module), { ...request, soPin, pin });
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

    async openToken({ module, selector, pin, finalTryConfirmed = false, keepMs, pinForUse }) {
      try {
        const host = await hosts.start(module, keepMs);
        const token = await openHost(host, selector, pin, finalTryConfirmed);
        const keystore = new TokenKeystore(
          token,
          host,
          () => open.delete(keystore),
          pinForUse ?? null,
        );
        open.add(keystore);
        return keystore;
      } finally {
        pin?.fill(0);
      }
    },

    async close() {
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

async function openHost(
  host: HostClient,
  selector: TokenSelector,
  pin: Uint8Array | null,
  finalTryConfirmed: boolean,
): Promise<TokenInfo> {
  try {
    const token = await host.call('open', named(selector));
    if (pin === null) return token;
    const typed = token.pinPad ? null : pin;
    await host.call(
      'login',
      { pin: typed, finalTryConfirmed },
      { secrets: [pin], ...(token.pinPad ? { deadline: pinPadMs } : {}) },
    );
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
