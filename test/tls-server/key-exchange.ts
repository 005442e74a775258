import {
  constants,
  createECDH,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** Named groups (RFC 8446 §4.2.7). */
export const groups = { p256: 0x0017, p384: 0x0018, p521: 0x0019, x25519: 0x001d } as const;

const curves: ReadonlyMap<number, string> = new Map([
  [groups.p256, 'prime256v1'],
  [groups.p384, 'secp384r1'],
  [groups.p521, 'secp521r1'],
]);

/** An ephemeral key of the server and what it comes to with the client's. */
export interface EphemeralKey {
  readonly share: Buffer;
  sharedWith(peer: Buffer): Buffer;
}

export function ephemeralKey(group: number): EphemeralKey {
  const curve = curves.get(group);
  if (curve === undefined) return x25519Key();
  const ecdh = createECDH(curve);
  return { share: ecdh.generateKeys(), sharedWith: (peer) => ecdh.computeSecret(peer) };
}

function x25519Key(): EphemeralKey {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    share: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    sharedWith(peer) {
      const jwk = { kty: 'OKP', crv: 'X25519', x: peer.toString('base64url') };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
    },
  };
}

/** Signature schemes (RFC 8446 §4.2.3), those nobody may use included. */
export const schemes = {
  ecdsaP256Sha256: 0x0403,
  ecdsaP384Sha384: 0x0503,
  ecdsaP521Sha512: 0x0603,
  ed25519: 0x0807,
  rsaPssSha256: 0x0804,
  rsaPssSha384: 0x0805,
  rsaPkcs1Sha256: 0x0401,
  rsaPkcs1Sha384: 0x0501,
  rsaPkcs1Sha1: 0x0201,
  ecdsaSha1: 0x0203,
  rsaMd5: 0x0101,
} as const;

const digests: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  4: 'sha256',
  5: 'sha384',
  6: 'sha512',
};

/** Signs by a scheme, whether or not key and scheme belong together by the standard. */
export function signBy(scheme: number, key: KeyObject, content: Buffer): Buffer {
  const isRsa = key.asymmetricKeyType === 'rsa';
  const isPss = scheme >> 8 === 8 && scheme !== schemes.ed25519;
  if (key.asymmetricKeyType === 'ed25519') return sign(null, content, key);
  const digest = isPss ? digests[scheme & 0xff] : digests[scheme >> 8];
  if (!isRsa) return sign(digest ?? 'sha256', content, key);
  if (!isPss)
    return sign(digest ?? 'sha256', content, { key, padding: constants.RSA_PKCS1_PADDING });
  const saltLength = createHash(digest ?? 'sha256').digest().length;
  return sign(digest ?? 'sha256', content, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength,
  });
}

/** The scheme a server with such a key would take by itself. */
export function usualScheme(key: KeyObject): number {
  if (key.asymmetricKeyType === 'rsa') return schemes.rsaPssSha256;
  if (key.asymmetricKeyType === 'ed25519') return schemes.ed25519;
  return (
    { secp384r1: schemes.ecdsaP384Sha384, secp521r1: schemes.ecdsaP521Sha512 }[
      key.asymmetricKeyDetails?.namedCurve ?? ''
    ] ?? schemes.ecdsaP256Sha256
  );
}
