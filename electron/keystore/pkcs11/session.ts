import pkcs11js from 'pkcs11js';
import type { TokenInfo, TokenSelector } from '../../../shared/token.ts';
import type { Module } from './module.ts';
import { returnCodeOf } from './return-codes.ts';
import { selectToken } from './slot.ts';

/** An open session with one token. */
export interface Session {
  readonly module: Module;
  readonly slot: Buffer;
  /** CK_SESSION_HANDLE. */
  readonly handle: Buffer;
  /** The token as it was when the session was opened. */
  readonly token: TokenInfo;
}

/** Finds the token and opens a read/write session, a read-only one where the token is write-protected. */
export function openSession(module: Module, selector: TokenSelector): Session {
  const { slot, token } = selectToken(module, selector);
  const serial = pkcs11js.CKF_SERIAL_SESSION;
  try {
    const handle = module.lib.C_OpenSession(slot, serial | pkcs11js.CKF_RW_SESSION);
    return { module, slot, handle, token };
  } catch (error) {
    if (returnCodeOf(error)?.name !== 'CKR_TOKEN_WRITE_PROTECTED') throw error;
    return { module, slot, handle: module.lib.C_OpenSession(slot, serial), token };
  }
}

/** Logs out and closes; a token that has gone has done both already. */
export function closeSession({ module, handle }: Session): void {
  for (const end of [() => module.lib.C_Logout(handle), () => module.lib.C_CloseSession(handle)]) {
    try {
      end();
    } catch (error) {
      if (returnCodeOf(error) === null) throw error;
    }
  }
}
