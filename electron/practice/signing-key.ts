import { type KeyObject, webcrypto } from 'node:crypto';

/** An EC key as WebCrypto signs with it. */
interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: { readonly name: 'ECDSA'; readonly hash: string };
}

/** The private EC key (P-256 or P-384) for WebCrypto, with the hash that goes with its curve (RFC 5758 §3.2). */
export async function signingKey(key: KeyObject): Promise<SigningKey> {
  const large = key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const imported = await webcrypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(pkcs8),
    { name: 'ECDSA', namedCurve: large ? 'P-384' : 'P-256' },
    false,
    ['sign'],
  );
  return { key: imported, algorithm: { name: 'ECDSA', hash: large ? 'SHA-384' : 'SHA-256' } };
}
