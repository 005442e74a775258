import { constants, type KeyObject, sign, type VerifyKeyObjectInput, verify } from 'node:crypto';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { contextConstructed, enterOnly, MalformedDer, tags } from './der.ts';
import { integerOctets } from './der-values.ts';
import { element, nullValue, objectIdentifier, sequence, unsignedInteger } from './der-writer.ts';
import { keyObject } from './public-key.ts';
import { reading } from './refusal.ts';

interface Scheme {
  readonly oid: string;
  /** Null for EdDSA, which hashes by itself. */
  readonly hash: keyof typeof hashes | null;
  readonly key: 'rsa' | 'ec' | 'ed25519';
  readonly pss: boolean;
}

/** RFC 4055 §2.1. */
const hashes = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', octets: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', octets: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', octets: 64 },
} as const;

const rsaPss = '1.2.840.113549.1.1.10';
const mgf1 = '1.2.840.113549.1.1.8';

const ecdsa = (hash: Scheme['hash'], oid: string): Scheme => ({ oid, hash, key: 'ec', pss: false });
const pkcs1 = (hash: Scheme['hash'], oid: string): Scheme => ({
  oid,
  hash,
  key: 'rsa',
  pss: false,
});
const pss = (hash: Scheme['hash']): Scheme => ({ oid: rsaPss, hash, key: 'rsa', pss: true });

const schemes: Readonly<Record<SignatureAlgorithm, Scheme>> = {
  SHA256WITHECDSA: ecdsa('sha256', '1.2.840.10045.4.3.2'),
  SHA384WITHECDSA: ecdsa('sha384', '1.2.840.10045.4.3.3'),
  SHA512WITHECDSA: ecdsa('sha512', '1.2.840.10045.4.3.4'),
  SHA256WITHRSA: pkcs1('sha256', '1.2.840.113549.1.1.11'),
  SHA384WITHRSA: pkcs1('sha384', '1.2.840.113549.1.1.12'),
  SHA512WITHRSA: pkcs1('sha512', '1.2.840.113549.1.1.13'),
  SHA256WITHRSAANDMGF1: pss('sha256'),
  SHA384WITHRSAANDMGF1: pss('sha384'),
  SHA512WITHRSAANDMGF1: pss('sha512'),
  ED25519: { oid: '1.3.101.112', hash: null, key: 'ed25519', pss: false },
};

/**
 * A raw ECDSA signature, r and s side by side as PKCS#11 gives it, as DER SEQUENCE{r,s} (RFC 3279 §2.2.3).
 * @throws StationError CERT-06 when the halves are not of one length.
 */
export function ecdsaRawToDer(raw: Uint8Array): Buffer {
  return reading('CERT-06', () => {
    if (raw.length === 0 || raw.length % 2 !== 0 || raw.length > 132) {
      throw new MalformedDer('an ECDSA signature has an impossible length');
    }
    const half = raw.length / 2;
    return sequence(unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half)));
  });
}

/**
 * The reverse of `ecdsaRawToDer`.
 * @param coordinateLength octets of the curve's order: 32 for P-256, 48 for P-384, 66 for P-521.
 * @throws StationError CERT-06 when `der` is no such SEQUENCE or a number is too long.
 */
export function ecdsaDerToRaw(der: Uint8Array, coordinateLength: number): Buffer {
  return reading('CERT-06', () => {
    const reader = enterOnly(der, tags.sequence, 'an ECDSA signature');
    const halves = [1, 2].map(() => {
      const octets = integerOctets(reader.take(tags.integer, 'a half of a signature').contents);
      const magnitude = octets[0] === 0 ? octets.subarray(1) : octets;
      if ((octets[0] ?? 0) >= 0x80 || magnitude.length > coordinateLength) {
        throw new MalformedDer('a half of an ECDSA signature is negative or too long');
      }
      return Buffer.concat([Buffer.alloc(coordinateLength - magnitude.length), magnitude]);
    });
    reader.end('an ECDSA signature');
    return Buffer.concat(halves);
  });
}

/** Dotted OID of a signature algorithm (RFC 4055 §3.1 and §5, RFC 5758 §3.2, RFC 8410 §3). */
export function signatureAlgorithmOid(algorithm: SignatureAlgorithm): string {
  return schemes[algorithm].oid;
}

/**
 * The algorithm with this OID, or null when the station does not sign with it. The OID of RSASSA-PSS names no hash:
 * SHA-256 is taken.
 */
export function signatureAlgorithmOf(oid: string): SignatureAlgorithm | null {
  for (const [name, scheme] of Object.entries(schemes)) {
    if (scheme.oid === oid) return name as SignatureAlgorithm;
  }
  return null;
}

/**
 * AlgorithmIdentifier, DER: PKCS#1 v1.5 carries NULL (RFC 4055 §5), PSS its parameters (RFC 4055 §3.1), ECDSA
 * (RFC 5758 §3.2) and Ed25519 (RFC 8410 §3) nothing.
 */
export function algorithmIdentifier(algorithm: SignatureAlgorithm): Buffer {
  const { oid, key, hash, pss } = schemes[algorithm];
  if (pss && hash !== null) return sequence(objectIdentifier(oid), pssParameters(hash));
  return key === 'rsa'
    ? sequence(objectIdentifier(oid), nullValue())
    : sequence(objectIdentifier(oid));
}

/** RSASSA-PSS-params: one hash for message and mask, a salt as long as the hash; the trailer is the default one. */
function pssParameters(hash: keyof typeof hashes): Buffer {
  const { oid, octets } = hashes[hash];
  const hashing = sequence(objectIdentifier(oid), nullValue());
  return sequence(
    element(contextConstructed(0), hashing),
    element(contextConstructed(1), sequence(objectIdentifier(mgf1), hashing)),
    element(contextConstructed(2), unsignedInteger(Buffer.of(octets))),
  );
}

/** True when a key of this kind (`asymmetricKeyType` of node:crypto) makes such signatures. */
export function fitsKeyType(algorithm: SignatureAlgorithm, keyType: string | undefined): boolean {
  return schemes[algorithm].key === keyType;
}

/**
 * Signs `data` with a private key in this process: ECDSA as DER, RSA and Ed25519 as octets.
 * @throws Error of node:crypto when the key is of another kind.
 */
export function signWithKey(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
): Buffer {
  return sign(schemes[algorithm].hash, data, { key, ...padding(schemes[algorithm]) });
}

function padding({ key, pss }: Scheme): { padding?: number; saltLength?: number } {
  if (key !== 'rsa') return {};
  return pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };
}

/**
 * True when `signature` (ECDSA as DER, RSA and Ed25519 as octets) was made over `data` by the key of `spki`.
 * A key of another kind, a malformed key or a malformed signature is false, never an exception.
 */
export function verifySignature(
  spki: Uint8Array,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = keyObject(spki);
  if (key === null || !fitsKeyType(algorithm, key.asymmetricKeyType)) return false;
  const scheme = schemes[algorithm];
  return verifies(scheme.hash, data, { key, ...padding(scheme) }, signature);
}

/** node:crypto's verify, where anything it throws means that nothing was proven. */
export function verifies(
  hash: string | null,
  data: Uint8Array,
  key: VerifyKeyObjectInput,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, data, key, signature);
  } catch {
    return false;
  }
}
