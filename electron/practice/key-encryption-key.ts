import { randomBytes } from 'node:crypto';

/** A secret key that client and server know by one name (RFC 7030 §4.4.1.1). */
export interface KeyEncryptionKey {
  readonly identifier: Buffer;
  /** 32 octets. */
  readonly key: Buffer;
}

/** A fresh one; like the account, it lives as long as the server runs. */
export function makeKeyEncryptionKey(): KeyEncryptionKey {
  return { identifier: randomBytes(8), key: randomBytes(32) };
}
