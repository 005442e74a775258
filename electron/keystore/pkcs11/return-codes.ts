import pkcs11js from 'pkcs11js';
import type { ErrorCode } from '../../../shared/errors/catalogue.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TextParameters } from '../../../shared/text-parameters.ts';

/** What a PKCS#11 function returned instead of CKR_OK. */
export interface ReturnCode {
  /** `CKR_…`; vendor codes carry their number. */
  readonly name: string;
  /** The function that returned it, `C_…`; null when it ran on a thread of its own. */
  readonly call: string | null;
}

/** What an operation was about, to fill the words of its errors. Never a secret. */
export interface CallContext {
  /** The call of the key process. */
  readonly call: string;
  /** The token in words. */
  readonly token: string;
  readonly login: 'user' | 'so';
  readonly mechanism: string;
  readonly object: string;
  readonly minPinLength: number;
  readonly maxPinLength: number;
}

/** Codes that pkcs11js has no name for (PKCS#11 v2.40 and v3.0 §5.1). */
const unnamed: Readonly<Record<number, string>> = {
  27: 'CKR_ACTION_PROHIBITED',
  320: 'CKR_CURVE_NOT_SUPPORTED',
  513: 'CKR_FUNCTION_REJECTED',
};

/**
 * The return code inside an error of pkcs11js, null when it is another kind of error.
 * Some of its functions wrap the code in a Pkcs11Error, others throw a bare `CKR_…:number`.
 */
export function returnCodeOf(error: unknown): ReturnCode | null {
  if (!(error instanceof Error)) return null;
  const wrapped = error instanceof pkcs11js.Pkcs11Error ? `${error.message}:${error.code}` : null;
  const [, given, digits] = /^(CKR_\w+):(\d+)/.exec(wrapped ?? error.message) ?? [];
  if (given === undefined || digits === undefined) return null;
  const vendor = `CKR_VENDOR_DEFINED (0x${Number(digits).toString(16)})`;
  const name = given === 'CKR_VENDOR_DEFINED' ? (unnamed[Number(digits)] ?? vendor) : given;
  return { name, call: /PKCS11\.(C_\w+)/.exec(error.stack ?? '')?.[1] ?? null };
}

const removed = [
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
];
const sessionGone = ['CKR_SESSION_HANDLE_INVALID', 'CKR_SESSION_CLOSED', 'CKR_USER_NOT_LOGGED_IN'];
const cannot = [
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_KEY_SIZE_RANGE',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_CURVE_NOT_SUPPORTED',
  'CKR_DOMAIN_PARAMS_INVALID',
];

const codes: Readonly<Record<string, ErrorCode>> = {
  ...Object.fromEntries(removed.map((name) => [name, 'TOKEN-03'])),
  ...Object.fromEntries(sessionGone.map((name) => [name, 'PIN-08'])),
  ...Object.fromEntries(cannot.map((name) => [name, 'TOKEN-05'])),
  CKR_DEVICE_MEMORY: 'TOKEN-06',
  CKR_TOKEN_WRITE_PROTECTED: 'TOKEN-07',
  CKR_SESSION_READ_ONLY: 'TOKEN-07',
  CKR_PIN_INCORRECT: 'PIN-01',
  CKR_PIN_INVALID: 'PIN-01',
  CKR_PIN_LOCKED: 'PIN-02',
  CKR_PIN_LEN_RANGE: 'PIN-04',
  CKR_USER_PIN_NOT_INITIALIZED: 'PIN-05',
  CKR_FUNCTION_CANCELED: 'CANCEL-01',
};

/** Codes that a module also returns for other reasons when the card has been pulled. */
const perhapsRemoved = [
  ...sessionGone,
  'CKR_DEVICE_ERROR',
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_KEY_HANDLE_INVALID',
];

/** True when the code may mean that the token was removed, which the slot can tell. */
export function mayMeanRemoval(code: ReturnCode): boolean {
  return perhapsRemoved.includes(code.name);
}

/** The catalogue's error for a PKCS#11 return code; what has no meaning of its own is TOKEN-08 with its name. */
export function stationErrorFor(code: ReturnCode, context: CallContext): StationError {
  const known = codes[code.name];
  const chosen = refusedPin(code, context) ?? missingSo(code, context) ?? known ?? 'TOKEN-08';
  const params: TextParameters = {
    token: context.token,
    call: code.call ?? context.call,
    detail: code.name,
    mechanism: context.mechanism,
    object: context.object,
    min: context.minPinLength,
    max: context.maxPinLength,
  };
  return new StationError(chosen, params);
}

/** Whose PIN a return code refuses: the SO's, or a new one the token does not accept. */
function refusedPin({ name, call }: ReturnCode, { login }: CallContext): ErrorCode | null {
  const setsPin = call === 'C_SetPIN' || call === 'C_InitPIN';
  if (name === 'CKR_PIN_INVALID' && setsPin) return 'PIN-09';
  const refused = name === 'CKR_PIN_INCORRECT' || name === 'CKR_PIN_INVALID';
  return refused && login === 'so' ? 'PIN-06' : null;
}

/** Cards without an SO; OpenSC says CKR_GENERAL_ERROR of its PIV cards. */
const withoutSo = ['CKR_GENERAL_ERROR', 'CKR_USER_TYPE_INVALID', 'CKR_FUNCTION_NOT_SUPPORTED'];

function missingSo({ name, call }: ReturnCode, { login }: CallContext): ErrorCode | null {
  return login === 'so' && call === 'C_Login' && withoutSo.includes(name) ? 'PIN-12' : null;
}
