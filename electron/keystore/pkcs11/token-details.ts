import pkcs11js from 'pkcs11js';
import type { TokenDetails } from '../../../shared/token-details.ts';
import { edwardsMechanisms, mechanismsOf } from './mechanisms.ts';
import type { Module } from './module.ts';
import { versionText } from './module-info.ts';
import { returnCodeOf } from './return-codes.ts';
import { tokensOf } from './slot.ts';

const mostMechanisms = 1024;

/** Flags of CK_TOKEN_INFO alone: other structures use the same bits. */
const tokenFlags = [
  'CKF_RNG',
  'CKF_WRITE_PROTECTED',
  'CKF_LOGIN_REQUIRED',
  'CKF_USER_PIN_INITIALIZED',
  'CKF_PROTECTED_AUTHENTICATION_PATH',
  'CKF_TOKEN_INITIALIZED',
  'CKF_USER_PIN_COUNT_LOW',
  'CKF_USER_PIN_FINAL_TRY',
  'CKF_USER_PIN_LOCKED',
  'CKF_USER_PIN_TO_BE_CHANGED',
  'CKF_SO_PIN_COUNT_LOW',
  'CKF_SO_PIN_FINAL_TRY',
  'CKF_SO_PIN_LOCKED',
  'CKF_SO_PIN_TO_BE_CHANGED',
  'CKF_ERROR_STATE',
] as const;

const mechanismNames: ReadonlyMap<number, string> = new Map([
  ...Object.entries(pkcs11js).flatMap(([name, value]) =>
    name.startsWith('CKM_') && typeof value === 'number' ? [[value, name] as const] : [],
  ),
  ...edwardsMechanisms.map(({ name, type }) => [type, name] as const),
]);

/** Reads all that the tokens in the module's slots say of themselves. */
export function describeTokens(module: Module): TokenDetails[] {
  return tokensOf(module).map(({ slot, token }) => {
    const info = module.lib.C_GetTokenInfo(slot);
    return {
      token,
      flags: tokenFlags.filter((name) => (info.flags & pkcs11js[name]) !== 0),
      freePublicMemory: memory(info.freePublicMemory),
      freePrivateMemory: memory(info.freePrivateMemory),
      hardwareVersion: versionText(info.hardwareVersion),
      firmwareVersion: versionText(info.firmwareVersion),
      mechanisms: mechanisms(module, slot),
    };
  });
}

function mechanisms(module: Module, slot: Buffer): TokenDetails['mechanisms'] {
  return [...mechanismsOf(module, slot)].slice(0, mostMechanisms).map((type) => ({
    name: mechanismNames.get(type) ?? `0x${type.toString(16)}`,
    ...keySizes(module, slot, type),
  }));
}

/** A mechanism that is listed and then not known has no sizes. */
function keySizes(module: Module, slot: Buffer, type: number) {
  try {
    const { minKeySize, maxKeySize } = module.lib.C_GetMechanismInfo(slot, type);
    return { minKeySize: size(minKeySize), maxKeySize: size(maxKeySize) };
  } catch (error) {
    if (returnCodeOf(error) === null) throw error;
    return { minKeySize: 0, maxKeySize: 0 };
  }
}

function size(value: number | bigint): number {
  return Math.min(Number(value), 0xffff_ffff);
}

/** CK_UNAVAILABLE_INFORMATION is the largest CK_ULONG, of 4 or 8 octets. */
function memory(value: number | bigint): number | null {
  const octets = Number(value);
  return octets >= 0 && octets < 0xffff_ffff ? octets : null;
}
