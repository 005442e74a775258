import { createHmac, createSecretKey } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';

/**
 * HMAC (RFC 2104) over the parts, one after the other. The key goes in as a KeyObject: node:crypto takes octets as
 * well, but is several times slower to find that they are none, and a handshake makes two dozen of these.
 */
export function hmac(
  hash: CipherSuite['hash'],
  key: Uint8Array,
  ...parts: readonly Uint8Array[]
): Buffer {
  const code = createHmac(hash, createSecretKey(key));
  for (const part of parts) code.update(part);
  return code.digest();
}
