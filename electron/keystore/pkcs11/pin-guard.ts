import type { Buffer } from 'node:buffer';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { Module } from './module.ts';
import { type PinRules, readPinRules } from './slot.ts';

/**
 * The PIN guard: everything that can be known before a try is spent is checked before it is spent,
 * and one call here makes at most one C_Login. Nothing in the program calls it twice for one action
 * of the operator.
 */
export interface LoginRequest {
  /** UTF-8; zeroed here. Null: the PIN is typed on the reader. */
  readonly pin: Uint8Array | null;
  /** The operator has been told that this is the last try and wants it. */
  readonly finalTryConfirmed: boolean;
}

/** Logs the user in, after reading the token's flags afresh. Errors of C_Login itself pass through. */
export function loginUser(
  module: Module,
  slot: Buffer,
  session: Buffer,
  request: LoginRequest,
): void {
  login(module, slot, session, request, pkcs11js.CKU_USER);
}

/**
 * Logs in for the operation that was just begun with a key that wants the PIN at each use (PKCS#11 v2.40 §5.6).
 * The last try is never spent so: it is confirmed with a login of its own.
 */
export function loginForUse(
  module: Module,
  slot: Buffer,
  session: Buffer,
  pin: Uint8Array | null,
): void {
  const request = { pin, finalTryConfirmed: false };
  login(module, slot, session, request, pkcs11js.CKU_CONTEXT_SPECIFIC);
}

function login(
  module: Module,
  slot: Buffer,
  session: Buffer,
  request: LoginRequest,
  user: number,
): void {
  try {
    const token = readPinRules(module, slot);
    checkBeforeUserPin(token, request);
    const pin = token.pinPad ? '' : pinText(request.pin ?? new Uint8Array());
    module.lib.C_Login(session, user, pin);
  } finally {
    request.pin?.fill(0);
  }
}

/**
 * Refuses to give the token a user PIN that would fail or could lock it.
 * @throws StationError PIN-02 (locked), PIN-03 (last try, not confirmed), PIN-04 (length), PIN-05 (no user PIN).
 */
export function checkBeforeUserPin(token: PinRules, request: LoginRequest): void {
  if (token.pinState === 'locked') throw new StationError('PIN-02');
  if (token.pinState === 'not-set') throw new StationError('PIN-05');
  if (token.pinState === 'final' && !request.finalTryConfirmed) throw new StationError('PIN-03');
  if (!token.pinPad) checkPinLength(token, request.pin ?? new Uint8Array());
}

/** Refuses a PIN outside ulMinPinLen..ulMaxPinLen (bytes); a token that gives no sensible bounds sets none. */
export function checkPinLength(token: PinRules, pin: Uint8Array): void {
  const { minPinLength: min, maxPinLength: max } = token;
  const bounded = max > 0 && max >= min;
  if (bounded && (pin.length < min || pin.length > max)) {
    throw new StationError('PIN-04', { min, max });
  }
}

/**
 * Refuses an SO login that would fail or could lock the token for good.
 * @throws StationError PIN-02 (locked), PIN-03 (last try, not confirmed).
 */
export function checkBeforeSoLogin(flags: number, finalTryConfirmed: boolean): void {
  if ((flags & pkcs11js.CKF_SO_PIN_LOCKED) !== 0) throw new StationError('PIN-02');
  if ((flags & pkcs11js.CKF_SO_PIN_FINAL_TRY) !== 0 && !finalTryConfirmed) {
    throw new StationError('PIN-03');
  }
}

/**
 * The PIN as the string that pkcs11js insists on: call it inside the very call that needs it.
 * Bytes that are not UTF-8 would become another PIN and spend a try.
 */
export function pinText(pin: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(pin);
  } catch {
    throw new StationError('INTERNAL-01', { detail: 'a PIN that is not UTF-8' });
  }
}
