import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { CallInput } from './messages.ts';
import type { Module } from './module.ts';
import { checkBeforeSoLogin, checkPinLength, pinText } from './pin-guard.ts';
import { returnCodeOf } from './return-codes.ts';
import { readToken, type TokenInSlot, tokensOf } from './slot.ts';
import { tokenName } from './token-name.ts';

export type InitialisationRequest = CallInput<'initialise-token'>;

/** CK_TOKEN_INFO.label: 32 octets, padded with blanks (PKCS#11 v2.40 §5.5 C_InitToken). */
const labelOctets = 32;

/**
 * Initialises a token: C_InitToken, SO login, C_InitPIN. Both PINs are zeroed.
 * @returns the token as the module tells it right afterwards; its slot number may change in another process.
 * @throws StationError TOKEN-01, TOKEN-02, TOKEN-10 (which token is meant), TOKEN-11 (it is initialised already),
 *   PIN-02, PIN-03, PIN-04 (nothing was tried).
 */
export function initialiseToken(module: Module, request: InitialisationRequest): TokenInfo {
  try {
    const chosen = chooseToken(module, tokensOf(module), request);
    refuseExisting(chosen.token, request.destroyExisting);
    // Before there is an SO PIN its flags mean nothing: SoftHSM calls it locked.
    if (chosen.token.initialised) {
      checkBeforeSoLogin(module.lib.C_GetTokenInfo(chosen.slot).flags, request.finalTryConfirmed);
    }
    if (!chosen.token.pinPad) {
      checkPinLength(chosen.token, request.soPin);
      checkPinLength(chosen.token, request.pin);
    }
    initialise(module, chosen, request);
    return readToken(module, chosen.slot);
  } finally {
    request.soPin.fill(0);
    request.pin.fill(0);
  }
}

/** The token in the slot or with the serial; with neither, the only uninitialised one. */
function chooseToken(
  module: Module,
  tokens: readonly TokenInSlot[],
  { slot, serial }: InitialisationRequest,
): TokenInSlot {
  if (tokens.length === 0) throw new StationError('TOKEN-01', { module: module.path });
  const named = slot !== null || serial !== null;
  const matching = tokens.filter(
    ({ token }) =>
      (slot === null || token.slot === slot) &&
      (serial === null || token.serial === serial.trim()) &&
      (named || !token.initialised),
  );
  const token = serial ?? (slot === null ? '(uninitialised)' : `slot ${slot}`);
  const [only, another] = matching;
  if (only === undefined) throw new StationError('TOKEN-02', { token });
  if (another !== undefined) throw new StationError('TOKEN-10', { token });
  return only;
}

function refuseExisting(token: TokenInfo, destroyExisting: string | null): void {
  const named = destroyExisting !== null && destroyExisting !== '';
  const byLabel = named && destroyExisting === token.label;
  const bySerial = named && token.serialUnique && destroyExisting === token.serial;
  if (token.initialised && !byLabel && !bySerial) {
    throw new StationError('TOKEN-11', { token: tokenName(token) });
  }
}

function initialise(
  { lib }: Module,
  { slot, token }: TokenInSlot,
  { soPin, pin, label }: InitialisationRequest,
): void {
  const text = (secret: Uint8Array) => (token.pinPad ? '' : pinText(secret));
  lib.C_InitToken(slot, text(soPin), padded(label));
  const session = lib.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
  try {
    lib.C_Login(session, pkcs11js.CKU_SO, text(soPin));
    lib.C_InitPIN(session, text(pin));
    lib.C_Logout(session);
  } finally {
    closeQuietly(lib, session);
  }
}

/** pkcs11js passes the label as it is, and the module reads 32 octets of it. */
function padded(label: string): string {
  const octets = Buffer.byteLength(label, 'utf8');
  if (octets === 0 || octets > labelOctets) {
    throw new StationError('TOKEN-13', { label, octets: labelOctets });
  }
  return label + ' '.repeat(labelOctets - octets);
}

function closeQuietly(lib: pkcs11js.PKCS11, session: Buffer): void {
  try {
    lib.C_CloseSession(session);
  } catch (error) {
    if (returnCodeOf(error) === null) throw error;
  }
}
