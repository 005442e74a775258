import type { TokenInfo, TokenSelector } from '../../../shared/token.ts';
import type { BrokenCall } from '../keystore.ts';

/** Which token is initialised, and with what. */
export interface InitialiseTokenRequest {
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

/** Which token is opened, and how. */
export interface OpenTokenRequest {
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
  /**
   * Asks for the PIN (UTF-8; zeroed) of one use of a key that wants it each time; without it such a key is PIN-10.
   * `signal` withdraws the question.
   */
  readonly pinForUse?:
    | ((token: TokenInfo, signal: AbortSignal | undefined) => Promise<Uint8Array>)
    | undefined;
  /** Aborted when nobody wants the token any more: whatever the module is doing, its process ends. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of a call that ended together with its process. */
  readonly broken?: ((call: BrokenCall) => Promise<void>) | undefined;
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

/** Another PIN for the present one. */
export interface ChangePinRequest extends PinRequest {
  /** Whose PIN. */
  readonly who: 'user' | 'so';
  /** The present PIN, UTF-8; zeroed. */
  readonly oldPin: Uint8Array;
}

/** A new user PIN by the SO PIN. */
export interface ResetPinRequest extends PinRequest {
  /** UTF-8; zeroed. */
  readonly soPin: Uint8Array;
}
