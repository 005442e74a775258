import { constants, type VerifyKeyObjectInput, verify } from 'node:crypto';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { enterOnly, MalformedDer, tags } from './der.ts';
import { integerOctets } from './der-values.ts';
import { nullValue, objectIdentifier, sequence, unsignedInteger } from './der-writer.ts';
import { keyObject } from './public-key.ts';
import { reading } from './refusal.ts';

interface Scheme {
  readonly oid: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly key: 'rsa' | 'ec';
}

const schemes: Readonly<Record<SignatureAlgorithm, Scheme>> = {
  SHA256WITHECDSA: { oid: '1.2.840.10045.4.3.2', hash: 'sha256', key: 'ec' },
  SHA384WITHECDSA: { oid: '1.2.840.10045.4.3.3', hash: 'sha384', key: 'ec' },
  SHA512WITHECDSA: { oid: '1.2.840.10045.4.3.4', hash: 'sha512', key: 'ec' },
  SHA256WITHRSA: { oid: '1.2.840.113549.1.1.11', hash: 'sha256', key: 'rsa' },
  SHA384WITHRSA: { oid: '1.2.840.113549.1.1.12', hash: 'sha384', key: 'rsa' },
  SHA512WITHRSA: { oid: '1.2.840.113549.1.1.13', hash: 'sha512', key: 'rsa' },
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

/** Dotted OID of a signature algorithm (RFC 4055 §5, RFC 5758 §3.2). */
export function signatureAlgorithmOid(algorithm: SignatureAlgorithm): string {
  return schemes[algorithm].oid;
}

/** The algorithm with this OID, or null when the station does not sign with it. */
export function signatureAlgorithmOf(oid: string): SignatureAlgorithm | null {
  for (const [name, scheme] of Object.entries(schemes)) {
    if (scheme.oid === oid) return name as SignatureAlgorithm;
  }
  return null;
}

/** AlgorithmIdentifier, DER: RSA carries NULL (RFC 4055 §5), ECDSA nothing (RFC 5758 §3.2). */
export function algorithmIdentifier(algorithm: SignatureAlgorithm): Buffer {
  const { oid, key } = schemes[algorithm];
  return key === 'rsa'
    ? sequence(objectIdentifier(oid), nullValue())
    : sequence(objectIdentifier(oid));
}

/**
 * True when `signature` (ECDSA as DER, RSA as PKCS#1 v1.5) was made over `data` by the key of `spki`.
 * A key of another kind, a malformed key or a malformed signature is false, never an exception.
 */
export function verifySignature(
  spki: Uint8Array,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { hash, key: kind } = schemes[algorithm];
  const key = keyObject(spki);
  if (key === null || key.asymmetricKeyType !== kind) return false;
  return verifies(hash, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
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
