import { constants, type VerifyKeyObjectInput } from 'node:crypto';
import { contextConstructed, DerReader, enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import { nullValue } from './der-writer.ts';
import { keyObject } from './public-key.ts';
import { verifies } from './signature.ts';

/** Something an issuer signed: a certificate or a CRL. */
export interface Signed {
  /** What the signature covers, DER. */
  readonly tbs: Buffer;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Buffer;
  readonly signature: Buffer;
}

interface Scheme {
  readonly key: 'rsa' | 'ec' | 'ed25519' | 'ed448';
  readonly hash: string | null;
  readonly padding: number | null;
}

const pkcs1 = constants.RSA_PKCS1_PADDING;

/** What the station accepts from others: nothing below SHA-256 (RFC 4055, RFC 5758, RFC 8410). */
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256', padding: pkcs1 }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384', padding: pkcs1 }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512', padding: pkcs1 }],
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256', padding: null }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384', padding: null }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512', padding: null }],
  ['1.3.101.112', { key: 'ed25519', hash: null, padding: null }],
  ['1.3.101.113', { key: 'ed448', hash: null, padding: null }],
]);

/** Old roots sign themselves with SHA-1; it tells who made them, and nothing rests on it. */
const formerSchemes: ReadonlyMap<string, Scheme> = new Map([
  ['1.2.840.113549.1.1.5', { key: 'rsa', hash: 'sha1', padding: pkcs1 }],
  ['1.2.840.10045.4.1', { key: 'ec', hash: 'sha1', padding: null }],
]);

const rsaPss = '1.2.840.113549.1.1.10';
const mgf1 = '1.2.840.113549.1.1.8';
const digests: ReadonlyMap<string, { readonly hash: string; readonly size: number }> = new Map([
  ['2.16.840.1.101.3.4.2.1', { hash: 'sha256', size: 32 }],
  ['2.16.840.1.101.3.4.2.2', { hash: 'sha384', size: 48 }],
  ['2.16.840.1.101.3.4.2.3', { hash: 'sha512', size: 64 }],
]);

/** True when the station accepts this signature algorithm at all. Malformed parameters are false. */
export function acceptsAlgorithm(identifier: Buffer): boolean {
  return schemeOf(identifier, schemes) !== null;
}

/** True when the signature was made by the key of `spki` with an algorithm the station accepts. */
export function isSignedBy(signed: Signed, spki: Buffer): boolean {
  return isSignedWith(schemeOf(signed.signatureAlgorithm, schemes), signed, spki);
}

/** True when a certificate's own key made its signature, also with SHA-1: recognises roots, proves nothing. */
export function isSelfMade(signed: Signed, spki: Buffer): boolean {
  const former = schemeOf(signed.signatureAlgorithm, formerSchemes);
  return isSignedBy(signed, spki) || isSignedWith(former, signed, spki);
}

function isSignedWith(scheme: Scheme | null, { tbs, signature }: Signed, spki: Buffer): boolean {
  const key = scheme === null ? null : keyObject(spki);
  if (scheme === null || key?.asymmetricKeyType !== scheme.key) return false;
  const input: VerifyKeyObjectInput = { key };
  if (scheme.padding !== null) input.padding = scheme.padding;
  if (scheme.padding === constants.RSA_PKCS1_PSS_PADDING) {
    input.saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  }
  return verifies(scheme.hash, tbs, input, signature);
}

function schemeOf(identifier: Buffer, known: ReadonlyMap<string, Scheme>): Scheme | null {
  try {
    const { oid, parameters } = algorithmOf(identifier);
    if (oid === rsaPss && known === schemes) return pssScheme(parameters);
    const scheme = known.get(oid) ?? null;
    const expected = scheme?.key === 'rsa' ? [null, nullValue()] : [null];
    const fits = expected.some((one) => one?.toString('hex') === parameters?.toString('hex'));
    return fits ? scheme : null;
  } catch (error) {
    if (error instanceof MalformedDer) return null;
    throw error;
  }
}

function algorithmOf(identifier: Buffer): { oid: string; parameters: Buffer | null } {
  const reader = enterOnly(identifier, tags.sequence, 'an algorithm');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'an algorithm').contents);
  const parameters = reader.done ? null : reader.next().whole;
  reader.end('an algorithm');
  return { oid, parameters };
}

/** RFC 4055 §3.1: one digest for message and mask, a salt as long as the digest. */
function pssScheme(parameters: Buffer | null): Scheme | null {
  if (parameters === null) return null;
  const reader = enterOnly(parameters, tags.sequence, 'the parameters of RSA-PSS');
  const explicit = (number: number): Buffer | null => {
    const wrapped = reader.optional(contextConstructed(number));
    return wrapped === null ? null : new DerReader(wrapped.contents).next().whole;
  };
  const [hash, mask, salt] = [explicit(0), explicit(1), explicit(2)];
  if (hash === null || mask === null || salt === null) return null;
  const digest = digests.get(algorithmOf(hash).oid) ?? null;
  const generator = algorithmOf(mask);
  if (digest === null || generator.oid !== mgf1 || generator.parameters === null) return null;
  const maskHash = algorithmOf(generator.parameters).oid;
  const sameDigest = digests.get(maskHash)?.hash === digest.hash;
  const saltLength = smallInteger(readOnly(salt, tags.integer, 'the length of the salt').contents);
  if (!sameDigest || saltLength !== digest.size) return null;
  return { key: 'rsa', hash: digest.hash, padding: constants.RSA_PKCS1_PSS_PADDING };
}
