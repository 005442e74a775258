import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { DerReader, enterOnly, MalformedDer, tags } from './der.ts';
import { dottedIdentifier, integerOctets, wholeBits } from './der-values.ts';
import { bitString, nullValue, objectIdentifier, sequence, unsignedInteger } from './der-writer.ts';
import { reading } from './refusal.ts';

export const keyAlgorithmOids = {
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
} as const;

const curves: ReadonlyMap<string, { readonly name: string; readonly bits: number }> = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', bits: 256 }],
  ['1.3.132.0.34', { name: 'P-384', bits: 384 }],
  ['1.3.132.0.35', { name: 'P-521', bits: 521 }],
]);

/** The curves the station makes keys on, by the names of the profile. */
export const ecParameterSets = {
  prime256v1: '1.2.840.10045.3.1.7',
  secp384r1: '1.3.132.0.34',
  secp521r1: '1.3.132.0.35',
} as const;

/** The name of a curve in the profile. */
export type EcParameterSet = keyof typeof ecParameterSets;

/** What a SubjectPublicKeyInfo is made of (RFC 5280 §4.1). */
interface PublicKeyParts {
  readonly algorithm: string;
  /** The algorithm's parameters, DER; null when absent. */
  readonly parameters: Buffer | null;
  /** The octets of the BIT STRING. */
  readonly key: Buffer;
}

/** Kind and strength of a public key; `bits` of the modulus or the curve, 0 when not known. */
export interface KeyStrength {
  readonly algorithm: 'RSA' | 'EC' | 'EdDSA' | 'other';
  readonly bits: number;
}

/**
 * SubjectPublicKeyInfo (DER) of a point on a named curve (RFC 5480 §2).
 * @param point the uncompressed point, 04 X Y.
 * @throws StationError CERT-06 when the point is not on the curve.
 */
export function spkiFromEcPoint(parameterSet: EcParameterSet, point: Uint8Array): Buffer {
  const algorithm = sequence(
    objectIdentifier(keyAlgorithmOids.ec),
    objectIdentifier(ecParameterSets[parameterSet]),
  );
  return usable(sequence(algorithm, bitString(point)));
}

/**
 * SubjectPublicKeyInfo (DER) of an Ed25519 key (RFC 8410 §4).
 * @param point its 32 octets (RFC 8032 §5.1.2).
 * @throws StationError CERT-06 when they form no key.
 */
export function spkiFromEd25519(point: Uint8Array): Buffer {
  return usable(sequence(sequence(objectIdentifier(keyAlgorithmOids.ed25519)), bitString(point)));
}

/**
 * SubjectPublicKeyInfo (DER) of an RSA key from its big-endian numbers (RFC 3279 §2.3.1).
 * @throws StationError CERT-06 when the numbers form no key.
 */
export function spkiFromRsa(modulus: Uint8Array, exponent: Uint8Array): Buffer {
  const key = sequence(unsignedInteger(modulus), unsignedInteger(exponent));
  const algorithm = sequence(objectIdentifier(keyAlgorithmOids.rsa), nullValue());
  return usable(sequence(algorithm, bitString(key)));
}

/**
 * SHA-1 of the public key's bits, lower-case hex (RFC 5280 §4.2.1.2 method 1).
 * @throws StationError CERT-06.
 */
export function keyIdentifier(spki: Uint8Array): string {
  const { key } = reading('CERT-06', () => publicKeyParts(spki));
  return createHash('sha1').update(key).digest('hex');
}

/**
 * True when both hold the same key; absent and NULL parameters of RSA count as the same.
 * @throws StationError CERT-06.
 */
export function sameKey(left: Uint8Array, right: Uint8Array): boolean {
  return reading('CERT-06', () => {
    const [one, other] = [publicKeyParts(left), publicKeyParts(right)];
    return (
      one.algorithm === other.algorithm &&
      parametersOf(one).equals(parametersOf(other)) &&
      one.key.equals(other.key)
    );
  });
}

function parametersOf({ algorithm, parameters }: PublicKeyParts): Buffer {
  if (algorithm === keyAlgorithmOids.rsa) return nullValue();
  return parameters ?? Buffer.alloc(0);
}

/**
 * Kind and bits of a public key. Curves that are not P-256, P-384 or P-521, or not named, have no bits, and so has an
 * RSA key whose exponent is even or below 3 (RFC 8017 §3.1): with 1 everybody can sign.
 * @throws StationError CERT-06.
 */
export function keyStrength(spki: Uint8Array): KeyStrength {
  return reading('CERT-06', () => {
    const { algorithm, parameters, key } = publicKeyParts(spki);
    switch (algorithm) {
      case keyAlgorithmOids.rsa:
        return { algorithm: 'RSA', bits: hasExponent(key) ? modulusBits(key) : 0 };
      case keyAlgorithmOids.ec:
        return { algorithm: 'EC', bits: namedCurve(parameters)?.bits ?? 0 };
      case keyAlgorithmOids.ed25519:
        return { algorithm: 'EdDSA', bits: 256 };
      case keyAlgorithmOids.ed448:
        return { algorithm: 'EdDSA', bits: 456 };
      default:
        return { algorithm: 'other', bits: 0 };
    }
  });
}

/**
 * A public key in a person's words: `EC P-256`, `RSA 2048`, `Ed25519`, or the algorithm's number.
 * @throws StationError CERT-06.
 */
export function describeKey(spki: Uint8Array): string {
  return reading('CERT-06', () => {
    const { algorithm, parameters, key } = publicKeyParts(spki);
    switch (algorithm) {
      case keyAlgorithmOids.rsa:
        return `RSA ${modulusBits(key)}`;
      case keyAlgorithmOids.ec:
        return `EC ${namedCurve(parameters)?.name ?? 'on another curve'}`;
      case keyAlgorithmOids.ed25519:
        return 'Ed25519';
      case keyAlgorithmOids.ed448:
        return 'Ed448';
      default:
        return algorithm.slice(0, 60);
    }
  });
}

/**
 * The key for node:crypto, or null when it is malformed, not on its curve, on a curve that is written out
 * instead of named (RFC 5480 §2.1.1 forbids it), an RSA key whose exponent makes verifying as slow as signing, or of a
 * kind OpenSSL refuses.
 */
export function keyObject(spki: Uint8Array): KeyObject | null {
  try {
    const { algorithm, parameters, key } = publicKeyParts(spki);
    if (algorithm === keyAlgorithmOids.rsa && exponentOf(key).length > longestExponent) return null;
    const named = parameters?.[0] === tags.objectIdentifier;
    if (algorithm === keyAlgorithmOids.ec && !named) return null;
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function usable(spki: Buffer): Buffer {
  return reading('CERT-06', () => {
    if (keyObject(spki) === null) throw new MalformedDer('the numbers form no public key');
    return spki;
  });
}

function publicKeyParts(spki: Uint8Array): PublicKeyParts {
  const reader = enterOnly(spki, tags.sequence, 'a public key');
  const identifier = reader.enter(tags.sequence, 'the algorithm of a public key');
  const key = wholeBits(reader.take(tags.bitString, 'the bits of a public key').contents);
  reader.end('a public key');
  const algorithm = dottedIdentifier(
    identifier.take(tags.objectIdentifier, 'the algorithm of a public key').contents,
  );
  const parameters = identifier.done ? null : identifier.next().whole;
  identifier.end('the algorithm of a public key');
  return { algorithm, parameters, key };
}

function namedCurve(parameters: Buffer | null): { name: string; bits: number } | null {
  if (parameters === null) return null;
  const { tag, contents } = new DerReader(parameters).next();
  return tag === tags.objectIdentifier ? (curves.get(dottedIdentifier(contents)) ?? null) : null;
}

/** Octets: 64 bits and a sign. A server's chain holds keys before anything is known of it. */
const longestExponent = 9;

function exponentOf(key: Buffer): Buffer {
  const reader = enterOnly(key, tags.sequence, 'an RSA key');
  reader.take(tags.integer, 'the modulus of an RSA key');
  return integerOctets(reader.take(tags.integer, 'the exponent of an RSA key').contents);
}

function hasExponent(key: Buffer): boolean {
  const octets = exponentOf(key);
  const [first = 0] = octets;
  return first < 0x80 && (octets.length > 1 || first >= 3) && ((octets.at(-1) ?? 0) & 1) === 1;
}

function modulusBits(key: Buffer): number {
  const reader = enterOnly(key, tags.sequence, 'an RSA key');
  const octets = integerOctets(reader.take(tags.integer, 'the modulus of an RSA key').contents);
  reader.take(tags.integer, 'the exponent of an RSA key');
  reader.end('an RSA key');
  const magnitude = octets[0] === 0 ? octets.subarray(1) : octets;
  return magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}
