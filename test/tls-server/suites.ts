import type { KeyObject } from 'node:crypto';
import type { Hash } from './secrets.ts';

/** Cipher suites this server can speak (RFC 5289, RFC 8446 §B.4). */
export const suiteNumbers = {
  aes128Sha256: 0x1301,
  aes256Sha384: 0x1302,
  ecdsaAes128: 0xc02b,
  ecdsaAes256: 0xc02c,
  rsaAes128: 0xc02f,
  rsaAes256: 0xc030,
} as const;

const withAes256: ReadonlySet<number> = new Set([
  suiteNumbers.aes256Sha384,
  suiteNumbers.ecdsaAes256,
  suiteNumbers.rsaAes256,
]);

/** Hash and key size of a suite; of one it does not know those of AES-128-GCM. */
export function parametersOf(suite: number): { readonly hash: Hash; readonly keyOctets: number } {
  return withAes256.has(suite)
    ? { hash: 'sha384', keyOctets: 32 }
    : { hash: 'sha256', keyOctets: 16 };
}

export const usualSuite12 = (key: KeyObject): number =>
  key.asymmetricKeyType === 'rsa' ? suiteNumbers.rsaAes128 : suiteNumbers.ecdsaAes128;
