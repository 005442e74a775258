import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * A private key as encrypted PKCS#8 PEM (RFC 5958; PBES2 with AES-256-CBC, RFC 8018 §6.2), which
 * OpenSSL and BoringSSL both read.
 */
export function encryptKey(key: KeyObject, passphrase: Buffer): string {
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

/** The key inside an encrypted PKCS#8 PEM; null when the passphrase does not open it. */
export function decryptKey(pem: string, passphrase: Buffer): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase });
  } catch {
    return null;
  }
}

/** True for PEM text that claims to be an encrypted PKCS#8 key: an unencrypted one is never accepted. */
export function isEncryptedKey(pem: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----[\s\S]+-----END ENCRYPTED PRIVATE KEY-----/.test(
    pem,
  );
}
