import type { ErrorData } from '../../shared/errors/station-error.ts';
import type { ModuleEntry, ModuleProbe } from '../../shared/pkcs11-module.ts';
import type { TokenInfo, TokenSelector } from '../../shared/token.ts';
import type { TokenChange } from '../../shared/token-changes.ts';
import type { TokenDetails } from '../../shared/token-details.ts';
import type { fetchCaCertificatesProvisionally } from '../est/bootstrap.ts';
import type { EstExchange, ExchangeOptions } from '../est/exchange.ts';
import type { BrokenCall, Keystore } from '../keystore/keystore.ts';
import type { SoftwareKeystore } from '../keystore/software/software-keystore.ts';
import type { Store } from '../store/store.ts';
import type { TokenLeases } from '../store/token-leases.ts';

/** Time, so that tests can hold it still. */
export interface Clock {
  now(): Date;
  /** Milliseconds that only ever grow; for durations. */
  elapsed(): number;
}

/** The PKCS#11 side of the station. */
export interface TokenPort {
  findModules(): readonly Omit<ModuleEntry, 'probe'>[];
  probeModule(module: string): Promise<ModuleProbe>;
  /** What C_Initialize of a module is told from now on. */
  setLibraryParameters(module: string, parameters: string): void;
  /** @param signal ends the look. */
  listTokens(module: string, signal?: AbortSignal): Promise<readonly TokenInfo[]>;
  /** All that the tokens say of themselves. */
  describeTokens(module: string): Promise<readonly TokenDetails[]>;
  /** Tells what is in the module's slots, now and at each change. @returns a function that ends it. */
  watchTokens(
    module: string,
    tell: (picture: {
      readonly tokens: readonly TokenInfo[];
      readonly changes: readonly TokenChange[];
      readonly error: ErrorData | null;
    }) => void,
  ): () => void;
  initialiseToken(request: {
    readonly module: string;
    readonly slot?: number;
    readonly serial?: string;
    readonly label: string;
    readonly soPin: Uint8Array;
    readonly pin: Uint8Array;
    /** The present label or serial of a token in use, whose contents may be destroyed. */
    readonly destroyExisting?: string | null;
    readonly finalTryConfirmed?: boolean;
  }): Promise<TokenInfo>;
  /** Another PIN for the present one; `who`: whose. */
  changePin(request: {
    readonly module: string;
    readonly selector: TokenSelector;
    readonly who: 'user' | 'so';
    readonly oldPin: Uint8Array;
    readonly newPin: Uint8Array;
    readonly finalTryConfirmed?: boolean;
  }): Promise<TokenInfo>;
  /** A new user PIN by the SO PIN. */
  resetPin(request: {
    readonly module: string;
    readonly selector: TokenSelector;
    readonly soPin: Uint8Array;
    readonly newPin: Uint8Array;
    readonly finalTryConfirmed?: boolean;
  }): Promise<TokenInfo>;
  /** `pin: null` opens a public session, which sees certificates and public keys only. */
  openToken(request: {
    readonly module: string;
    readonly selector: TokenSelector;
    readonly pin: Uint8Array | null;
    readonly finalTryConfirmed?: boolean;
    /** Stays logged in without work for so long, where that is longer than usual; milliseconds. */
    readonly keepMs?: number;
    /** Asks for the PIN of one use of a key that wants it each time; `signal` withdraws the question. */
    readonly pinForUse?: (token: TokenInfo, signal: AbortSignal | undefined) => Promise<Uint8Array>;
    /** Aborted when nobody wants the token any more. */
    readonly signal?: AbortSignal | undefined;
    /** Hears of a call that ended together with its process. */
    readonly broken?: ((call: BrokenCall) => Promise<void>) | undefined;
  }): Promise<Keystore & { readonly token: TokenInfo }>;
  close(): Promise<void>;
}

type WithoutConnector<Options> = Omit<Options, 'connector'>;

/** The EST side of the station; the composition root has chosen the connector. */
export interface EstPort {
  openExchange(options: WithoutConnector<ExchangeOptions>): Promise<EstExchange>;
  fetchProvisionally(
    options: WithoutConnector<Parameters<typeof fetchCaCertificatesProvisionally>[0]>,
  ): ReturnType<typeof fetchCaCertificatesProvisionally>;
}

/** A secret the station may need in the middle of a task. */
export type SecretPurpose =
  | 'token-pin'
  /** Of the token with the TLS client key, where that is not the one being enrolled. */
  | 'tls-token-pin'
  | 'http-password'
  | 'proxy-password'
  | 'tls-key-passphrase'
  | 'keystore-passphrase'
  /** Of the software keystore with the key that opens server-generated keys. */
  | 'decryption-key-passphrase'
  /** Hexadecimal digits of the AES key that opens server-generated keys. */
  | 'key-encryption-key';

/** Where the station asks for a secret it was not given beforehand: a prompt or the environment. */
export interface SecretSource {
  /**
   * @param about what the secret opens, in words (e.g. the token's serial).
   * @returns UTF-8 bytes, which the station zeroes after use.
   * @throws StationError SECRET-01 when there is nobody to ask.
   */
  ask(purpose: SecretPurpose, about: string): Promise<Uint8Array>;
  /** Whether a person knows that the PIN's last try comes and wants it; without this nobody does. */
  confirmFinalTry?(token: string): Promise<boolean>;
}

/** A passphrase that may be kept on this computer; a PIN never is. */
export type KeptPurpose = Extract<SecretPurpose, 'keystore-passphrase' | 'tls-key-passphrase'>;

/** Where a passphrase is kept by a person's wish, encrypted with a key that the operating system guards. */
export interface SecretStore {
  /** Whether the operating system guards a key for it at this time. */
  protects(): Promise<boolean>;
  /**
   * @param name absolute path of the keystore that the passphrase opens.
   * @returns UTF-8 bytes, which the caller zeroes; null when none is kept or it cannot be read any more.
   */
  read(purpose: KeptPurpose, name: string): Promise<Uint8Array | null>;
  /** Keeps a copy, instead of an earlier one. @throws StationError SECRET-03 when it would be no protection, STORE-01, STORE-02 */
  write(purpose: KeptPurpose, name: string, secret: Uint8Array): Promise<void>;
  /** Forgets it; none there is no error. */
  forget(purpose: KeptPurpose, name: string): Promise<void>;
}

/** What the composition root injects. */
export interface StationPorts {
  readonly store: Store;
  readonly tokens: TokenPort;
  readonly leases: TokenLeases;
  readonly est: EstPort;
  /** With `create` a missing keystore is made. */
  openSoftwareKeystore(request: {
    readonly path: string;
    readonly passphrase: Uint8Array;
    readonly create: boolean;
  }): Promise<SoftwareKeystore>;
  /** Null for a window: it gives secrets beforehand. */
  readonly secretSource: SecretSource | null;
  /** Null where the operating system offers none that protects. */
  readonly secretStore: SecretStore | null;
  readonly clock: Clock;
  /** Who works here: recorded with everything (e.g. the account name). */
  readonly operator: string;
  /** Names this station in audit records and on the screen. */
  readonly station: string;
}
