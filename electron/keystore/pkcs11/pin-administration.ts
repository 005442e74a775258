import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { CallInput } from './messages.ts';
import type { Module } from './module.ts';
import {
  checkBeforeSoLogin,
  checkBeforeUserPin,
  checkPinLength,
  type LoginRequest,
  pinText,
} from './pin-guard.ts';
import { closeSession, openSession, type Session } from './session.ts';
import { readToken } from './slot.ts';
import { tokenName } from './token-name.ts';

/**
 * Gives the token another user PIN or SO PIN for the present one (C_SetPIN, PKCS#11 v2.40 §5.6). Both PINs are zeroed.
 * The user PIN is changed without a login, so that the present PIN is given to the token once; the SO PIN
 * counts only inside an SO session, so that the token sees it twice, the second time after it was accepted.
 * @returns the token as it is afterwards.
 * @throws StationError PIN-02, PIN-03, PIN-04, PIN-05, TOKEN-07 (nothing was tried), PIN-01, PIN-06, PIN-09.
 */
export function changePin(module: Module, request: CallInput<'change-pin'>): TokenInfo {
  const { who, oldPin, newPin, finalTryConfirmed } = request;
  return withSession(module, request, [oldPin, newPin], (session, text) => {
    const { lib } = module;
    if (who === 'user') {
      checkBeforeUserPin(session.token, { pin: oldPin, finalTryConfirmed });
      if (!session.token.pinPad) checkPinLength(session.token, newPin);
      lib.C_SetPIN(session.handle, text(oldPin), text(newPin));
      return;
    }
    loginSo(session, { pin: oldPin, finalTryConfirmed }, newPin, text);
    lib.C_SetPIN(session.handle, text(oldPin), text(newPin));
  });
}

/**
 * Sets the user PIN anew with the SO PIN (C_InitPIN, PKCS#11 v2.40 §5.6): also of a token whose user PIN is locked.
 * Keys and certificates stay. Both PINs are zeroed.
 * @returns the token as it is afterwards.
 * @throws StationError PIN-02, PIN-03, PIN-04, TOKEN-07 (nothing was tried), PIN-06, PIN-09.
 */
export function resetPin(module: Module, request: CallInput<'reset-pin'>): TokenInfo {
  const { soPin, newPin, finalTryConfirmed } = request;
  return withSession(module, request, [soPin, newPin], (session, text) => {
    loginSo(session, { pin: soPin, finalTryConfirmed }, newPin, text);
    module.lib.C_InitPIN(session.handle, text(newPin));
  });
}

type PinText = (pin: Uint8Array) => string;

function withSession(
  module: Module,
  { serial, label }: { serial?: string | undefined; label?: string | undefined },
  secrets: readonly Uint8Array[],
  work: (session: Session, text: PinText) => void,
): TokenInfo {
  try {
    const session = openSession(module, { serial, label });
    try {
      if (session.token.writeProtected) {
        throw new StationError('TOKEN-07', { token: tokenName(session.token) });
      }
      // A reader with a keypad asks for the PINs itself.
      work(session, session.token.pinPad ? () => '' : pinText);
      return readToken(module, session.slot);
    } finally {
      closeSession(session);
    }
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}

/** What can be known about both PINs is checked before the one try is spent. */
function loginSo(
  { module, slot, handle, token }: Session,
  { pin, finalTryConfirmed }: LoginRequest & { readonly pin: Uint8Array },
  newPin: Uint8Array,
  text: PinText,
): void {
  checkBeforeSoLogin(module.lib.C_GetTokenInfo(slot).flags, finalTryConfirmed);
  if (!token.pinPad) {
    checkPinLength(token, pin);
    checkPinLength(token, newPin);
  }
  module.lib.C_Login(handle, pkcs11js.CKU_SO, text(pin));
}
