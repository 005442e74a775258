import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from '../pki/certificate.ts';
import { certificatesFromPem, encryptedKeyFromPem } from '../pki/pem.ts';
import { isEncryptedKey, readEncryptedKey } from '../pki/pkcs12/encrypted-key.ts';
import { readPkcs12 } from '../pki/pkcs12/reader.ts';
import { keyStrength, sameKey } from '../pki/public-key.ts';

/** The one key of a file with its certificates. */
export interface KeyFile {
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** DER: the key's own first, then its issuers; empty when the file has none of the key. */
  readonly certificates: Buffer[];
}

/**
 * Reads PKCS#12 (RFC 7292), an encrypted PKCS#8 (RFC 5958) in DER, or one in PEM with certificates beside it.
 * @param password UTF-8.
 * @throws StationError KEYFILE-01, KEYFILE-02, KEYFILE-03
 */
export function readKeyFile(file: Uint8Array, password: Uint8Array): KeyFile {
  const { key: pkcs8, certificates } = partsOf(file, password);
  try {
    const key = keyOf(pkcs8);
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const { algorithm, bits } = keyStrength(spki);
    if (algorithm === 'other' || (algorithm === 'RSA' && (bits < 2048 || bits > 4096))) {
      throw unusable(`a key ${algorithm} of ${bits} bits is not used here`);
    }
    return { key, spki, certificates: chainOf(spki, certificates) };
  } finally {
    pkcs8.fill(0);
  }
}

interface Parts {
  /** PrivateKeyInfo, DER, in clear. */
  readonly key: Buffer;
  readonly certificates: readonly Buffer[];
}

function partsOf(file: Uint8Array, password: Uint8Array): Parts {
  const text = Buffer.from(file).toString('latin1');
  if (text.includes('-----BEGIN ')) {
    const encrypted = encryptedKeyFromPem(text);
    if (encrypted === null) {
      const clear = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text);
      throw unusable(clear ? 'its private key is not encrypted' : 'it holds no private key');
    }
    const certificates = text.includes('CERTIFICATE-----') ? certificatesFromPem(text) : [];
    return { key: readEncryptedKey(encrypted, password), certificates };
  }
  if (isEncryptedKey(file)) return { key: readEncryptedKey(file, password), certificates: [] };
  const { keys, certificates } = readPkcs12(file, password);
  const [key, another] = keys;
  if (key === undefined) throw unusable('it holds no private key');
  if (another !== undefined) {
    for (const secret of keys) secret.fill(0);
    throw unusable('it holds several private keys');
  }
  return { key, certificates: certificates.map(({ der }) => der) };
}

function keyOf(pkcs8: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw unusable('its private key is damaged or of a kind nobody here knows', error);
  }
}

/** No honest chain is longer. */
const longest = 16;

/** The key's certificate, and above it those that lead up, by name. */
function chainOf(spki: Buffer, certificates: readonly Buffer[]): Buffer[] {
  const read = certificates.map((der) => {
    try {
      return readCertificate(der);
    } catch (error) {
      throw unusable('a certificate in it is damaged', error);
    }
  });
  const own = read.find((certificate) => sameKey(certificate.spki, spki));
  if (own === undefined) return [];
  const chain = [own];
  while (chain.length < longest) {
    const { issuerDer } = chain.at(-1) ?? own;
    const above = read.find(
      (candidate) => candidate.subjectDer.equals(issuerDer) && !chain.includes(candidate),
    );
    if (above === undefined) break;
    chain.push(above);
  }
  return chain.map(({ der }) => der);
}

function unusable(detail: string, cause?: unknown): StationError {
  return new StationError('KEYFILE-01', { detail }, { cause });
}
