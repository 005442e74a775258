import { MalformedDer, tags } from '../der.ts';
import { octetString, sequence } from '../der-writer.ts';
import { reading } from '../refusal.ts';
import { enterBer, octetsOf } from './ber.ts';
import { decryptWithPassword, encryptWithPassword } from './password-encryption.ts';

/** PBKDF2 takes a tenth of a second for so many. */
const usualIterations = 210_000;
const mostOctets = 65_536;

/** True for what begins as EncryptedPrivateKeyInfo does: two sequences, where PKCS#12 has its version. */
export function isEncryptedKey(der: Uint8Array): boolean {
  try {
    return enterBer(der, tags.sequence, 'a key').nextTag === tags.sequence;
  } catch (error) {
    if (error instanceof MalformedDer) return false;
    throw error;
  }
}

/**
 * The PrivateKeyInfo (DER) inside an EncryptedPrivateKeyInfo (RFC 5958 §3); the caller zeroes it.
 * @param password UTF-8.
 * @throws StationError KEYFILE-01, KEYFILE-02, KEYFILE-03
 */
export function readEncryptedKey(der: Uint8Array, password: Uint8Array): Buffer {
  return reading('KEYFILE-01', () => {
    if (der.length > mostOctets) throw new MalformedDer('it is too large');
    const reader = enterBer(der, tags.sequence, 'an encrypted key');
    const algorithm = reader.take(tags.sequence, 'the encryption of the key');
    const encrypted = octetsOf(reader.next());
    reader.end('an encrypted key');
    return decryptWithPassword(algorithm, encrypted, password);
  });
}

/** EncryptedPrivateKeyInfo, DER, of a PrivateKeyInfo, which the caller zeroes. @param password UTF-8 */
export function writeEncryptedKey(pkcs8: Uint8Array, password: Uint8Array): Buffer {
  const { algorithm, encrypted } = encryptWithPassword(pkcs8, password, usualIterations);
  return sequence(algorithm, octetString(encrypted));
}
