import type { SubjectPart } from '../../shared/request-plan.ts';
import { attributeTypeOf } from './attribute-type.ts';
import { DerReader, enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { dottedIdentifier, isString, stringValue } from './der-values.ts';
import { readDistinguishedName } from './name-text.ts';
import { reading } from './refusal.ts';

/** One AttributeTypeAndValue of a Name (RFC 5280 §4.1.2.4). */
export interface NameAttribute {
  readonly oid: string;
  /** The value's whole element, DER. */
  readonly value: Buffer;
}

/** The relative distinguished names of a Name in the order of its DER. */
export type NameRdns = readonly (readonly NameAttribute[])[];

const longestName = 32_768;

/**
 * Turns the text of a distinguished name into a DER Name.
 * The text stands most specific first (`CN=pump 7,O=Works`, RFC 4514 §2.1) and DER least specific first,
 * so the order is reversed, as LDAP tools and Java's X500Name do. A text that begins with a slash
 * (`/O=Works/CN=pump 7`, the old OpenSSL form) is already in the order of DER.
 * C, serialNumber and their like become PrintableString, DC and emailAddress IA5String, all others UTF8String.
 * @throws StationError PROFILE-05 {dn, detail}.
 */
export function parseDistinguishedName(text: string): Buffer {
  return readDistinguishedName(text);
}

/**
 * Text of a DER Name after RFC 4514: most specific first, separated by commas. Characters that could
 * mislead a reader (control, direction marks) are written as hexadecimal pairs.
 * @throws StationError CERT-06 when `der` is not a Name.
 */
export function formatDistinguishedName(der: Uint8Array): string {
  return reading('CERT-06', () =>
    [...nameRdns(der)]
      .reverse()
      .map((rdn) => rdn.map(formatAttribute).join('+'))
      .join(','),
  );
}

/**
 * The attributes of a DER Name in its own order, each with its keyword (or dotted OID) and its value as text of a name.
 * @throws StationError CERT-06 when `der` is not a Name.
 */
export function nameParts(der: Uint8Array): SubjectPart[] {
  return reading('CERT-06', () =>
    nameRdns(der)
      .flat()
      .map(({ oid, value }) => {
        const text = attributeText(value);
        return {
          type: attributeTypeOf(oid)?.keyword ?? oid,
          value: text === null ? `#${value.toString('hex')}` : escapedText(text),
        };
      }),
  );
}

/** @throws MalformedDer when `der` is not a Name. */
export function nameRdns(der: Uint8Array): NameRdns {
  const whole = readOnly(der, tags.sequence, 'a name');
  if (whole.whole.length > longestName) throw new MalformedDer('a name is far too long');
  return new DerReader(whole.contents).rest().map(({ whole: rdn }) => {
    const attributes = enterOnly(rdn, tags.set, 'a relative distinguished name').rest();
    return attributes.map(({ whole: pair }) => {
      const reader = enterOnly(pair, tags.sequence, 'an attribute of a name');
      const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'a type').contents);
      const value = reader.next().whole;
      reader.end('an attribute of a name');
      return { oid, value };
    });
  });
}

/** Text of an attribute's value, or null when it is of no string type or holds what its type does not have. */
export function attributeText(value: Buffer): string | null {
  const element = new DerReader(value).next();
  if (!isString(element.tag)) return null;
  try {
    return stringValue(element);
  } catch (error) {
    if (error instanceof MalformedDer) return null;
    throw error;
  }
}

function formatAttribute({ oid, value }: NameAttribute): string {
  const type = attributeTypeOf(oid);
  const text = type === null ? null : attributeText(value);
  if (type === null || !text) return `${type?.keyword ?? oid}=#${value.toString('hex')}`;
  return `${type.keyword}=${escapedText(text)}`;
}

/** A value as it stands in the text of a name (RFC 4514 §2.4). */
export function escapedText(value: string): string {
  return value
    .replace(/[",+;<>\\]/g, '\\$&')
    .replace(/(?<=.) $/s, '\\ ')
    .replace(/^[ #]/, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Buffer.from(character, 'utf8')]
        .map((byte) => `\\${byte.toString(16).padStart(2, '0')}`)
        .join(''),
    );
}
