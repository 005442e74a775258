import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keyStrength } from '../pki/public-key.ts';

const generate = promisify(generateKeyPair);

export interface GeneratedPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const curves: ReadonlyMap<number, string> = new Map([
  [384, 'secp384r1'],
  [521, 'secp521r1'],
]);

/** A key pair of the kind of another, whose own is only a hint (RFC 7030 §4.4.1): of like size where there is one. */
export function generateLike(spki: Uint8Array): Promise<GeneratedPair> {
  const { algorithm, bits } = keyStrength(spki);
  if (algorithm === 'RSA') {
    return generate('rsa', { modulusLength: Math.min(4096, Math.max(2048, bits)) });
  }
  if (algorithm === 'EdDSA') return generate('ed25519');
  return generate('ec', { namedCurve: curves.get(bits) ?? 'prime256v1' });
}

/** The key as it should be sent, PrivateKeyInfo, or as some servers do: PKCS#1 or SEC 1 (DER). */
export function privateKeyDer(key: KeyObject, traditional: boolean): Buffer {
  if (!traditional) return key.export({ format: 'der', type: 'pkcs8' });
  // RFC 8410 §7 knows no other form for Ed25519.
  if (key.asymmetricKeyType === 'ed25519') return key.export({ format: 'der', type: 'pkcs8' });
  return key.asymmetricKeyType === 'rsa'
    ? key.export({ format: 'der', type: 'pkcs1' })
    : key.export({ format: 'der', type: 'sec1' });
}
