import type { KeyAlgorithm } from '../../shared/profile.ts';
import type { WishedAttribute } from '../../shared/request-plan.ts';
import { attributeTypeOf } from './attribute-type.ts';
import { contextConstructed, DerReader, enterOnly, MalformedDer, tags } from './der.ts';
import { dottedIdentifier, smallInteger, wholeBits } from './der-values.ts';
import { attributeText, escapedText } from './name.ts';
import { ecParameterSets, keyAlgorithmOids } from './public-key.ts';

/** A key a server wishes; `parameter` is empty where it names the algorithm alone. */
export interface WishedKey {
  readonly algorithm: KeyAlgorithm;
  /** `prime256v1`, `secp384r1`, `secp521r1`, `ed25519`, bits of RSA, or the dotted OID of another curve. */
  readonly parameter: string;
}

/** One attribute of a list: its type and its values, DER. */
export interface ListedAttribute {
  readonly oid: string;
  readonly values: readonly Buffer[];
}

/** CertificationRequestInfoTemplate (RFC 9908 §3.4). */
export interface RequestTemplate {
  /** Relative distinguished names in the order of DER; null where the template says nothing of the subject. */
  readonly subject: readonly (readonly WishedAttribute[])[] | null;
  readonly key: WishedKey | null;
  readonly attributes: readonly ListedAttribute[];
}

const mostMembers = 256;
const mostValues = 64;

/** @throws MalformedDer when `der` is no CertificationRequestInfoTemplate of version 1. */
export function readRequestTemplate(der: Uint8Array): RequestTemplate {
  const reader = enterOnly(der, tags.sequence, 'the template');
  const version = smallInteger(reader.take(tags.integer, 'the version of the template').contents);
  if (version !== 0) throw new MalformedDer('the version of the template is not known');
  const subject = reader.optional(tags.sequence);
  const key = reader.optional(contextConstructed(0));
  const attributes = reader.optional(contextConstructed(1));
  reader.end('the template');
  return {
    subject: subject === null ? null : nameTemplate(subject.contents),
    key: key === null ? null : keyTemplate(key.contents),
    attributes: attributes === null ? [] : members(attributes.contents).map(readAttribute),
  };
}

/** Attribute: a type and a set of values, which may be empty here. @throws MalformedDer. */
export function readAttribute(whole: Buffer): ListedAttribute {
  const reader = enterOnly(whole, tags.sequence, 'an attribute');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'an attribute').contents);
  const values = reader.enter(tags.set, 'the values of an attribute').rest(mostValues);
  reader.end('an attribute');
  return { oid, values: values.map((value) => value.whole) };
}

function members(contents: Buffer): Buffer[] {
  const found = new DerReader(contents).rest().map(({ whole }) => whole);
  if (found.length > mostMembers) throw new MalformedDer('a list in the template is far too long');
  return found;
}

function nameTemplate(contents: Buffer): WishedAttribute[][] {
  return members(contents).map((rdn) =>
    enterOnly(rdn, tags.set, 'a relative distinguished name')
      .rest()
      .map(({ whole }) => attributeTemplate(whole)),
  );
}

function attributeTemplate(whole: Buffer): WishedAttribute {
  const reader = enterOnly(whole, tags.sequence, 'an attribute of the subject');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'a type').contents);
  const value = reader.done ? null : reader.next();
  reader.end('an attribute of the subject');
  const type = attributeTypeOf(oid)?.keyword ?? oid;
  if (value === null || value.contents.length === 0) return { type, value: null };
  const text = attributeText(value.whole);
  return { type, value: text === null ? `#${value.whole.toString('hex')}` : escapedText(text) };
}

/** SubjectPublicKeyInfoTemplate: an algorithm, and for RSA perhaps a key whose modulus shows the length. */
function keyTemplate(contents: Buffer): WishedKey | null {
  const reader = new DerReader(contents);
  const algorithm = reader.enter(tags.sequence, 'the algorithm of the template');
  const bits = reader.optional(tags.bitString);
  reader.end('the key of the template');
  const oid = dottedIdentifier(algorithm.take(tags.objectIdentifier, 'an algorithm').contents);
  const parameters = algorithm.done ? null : algorithm.next();
  algorithm.end('the algorithm of the template');
  if (oid === keyAlgorithmOids.ec) {
    const curve =
      parameters?.tag === tags.objectIdentifier ? dottedIdentifier(parameters.contents) : null;
    return { algorithm: 'EC', parameter: curve === null ? '' : curveName(curve) };
  }
  if (oid === keyAlgorithmOids.ed25519) return { algorithm: 'EdDSA', parameter: 'ed25519' };
  if (oid !== keyAlgorithmOids.rsa) return null;
  return { algorithm: 'RSA', parameter: bits === null ? '' : modulusLength(bits.contents) };
}

/** The profile's name of a curve, or its dotted OID. */
export function curveName(oid: string): string {
  return Object.entries(ecParameterSets).find(([, number]) => number === oid)?.[0] ?? oid;
}

/** Bits of the placeholder's modulus; what the octets are does not count, and may not be a DER INTEGER. */
function modulusLength(bits: Buffer): string {
  const key = enterOnly(wholeBits(bits), tags.sequence, 'the key of the template');
  const { contents } = key.take(tags.integer, 'the modulus of the template');
  const octets = contents.length % 2 === 1 ? contents.length - 1 : contents.length;
  return String(octets * 8);
}
