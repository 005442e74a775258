import { tags } from './der.ts';

/** What the station knows of an attribute type in a distinguished name. */
export interface AttributeType {
  readonly oid: string;
  /** Keyword written; further ones are read. */
  readonly keyword: string;
  /** String type the value is written in (RFC 5280 appendix A, RFC 4519 §2). */
  readonly tag: number;
  /** Most characters (the upper bounds of RFC 5280 appendix A), or null where there is none. */
  readonly longest: number | null;
}

const directory = tags.utf8String;
const printable = tags.printableString;
const ia5 = tags.ia5String;

const rows: readonly (readonly [
  oid: string,
  keywords: string,
  tag: number,
  longest: number | null,
])[] = [
  ['2.5.4.3', 'CN commonName', directory, 64],
  ['2.5.4.4', 'SN surname', directory, 40],
  ['2.5.4.5', 'serialNumber', printable, 64],
  ['2.5.4.6', 'C countryName', printable, 2],
  ['2.5.4.7', 'L localityName', directory, 128],
  ['2.5.4.8', 'ST stateOrProvinceName S', directory, 128],
  ['2.5.4.9', 'STREET streetAddress', directory, null],
  ['2.5.4.10', 'O organizationName', directory, 64],
  ['2.5.4.11', 'OU organizationalUnitName', directory, 64],
  ['2.5.4.12', 'title T', directory, 64],
  ['2.5.4.13', 'description', directory, 1024],
  ['2.5.4.15', 'businessCategory', directory, 128],
  ['2.5.4.17', 'postalCode', directory, 40],
  ['2.5.4.20', 'telephoneNumber', printable, 32],
  ['2.5.4.41', 'name', directory, 32_768],
  ['2.5.4.42', 'GN givenName', directory, 16],
  ['2.5.4.43', 'initials', directory, 5],
  ['2.5.4.44', 'generationQualifier generation', directory, 3],
  ['2.5.4.46', 'dnQualifier DNQ', printable, null],
  ['2.5.4.65', 'pseudonym', directory, 128],
  ['2.5.4.97', 'organizationIdentifier', directory, null],
  ['0.9.2342.19200300.100.1.1', 'UID userId', directory, 256],
  ['0.9.2342.19200300.100.1.25', 'DC domainComponent', ia5, null],
  ['1.2.840.113549.1.9.1', 'emailAddress email E', ia5, 255],
  ['1.2.840.113549.1.9.2', 'unstructuredName', directory, 255],
  ['1.2.840.113549.1.9.8', 'unstructuredAddress', directory, 255],
];

const byOid = new Map<string, AttributeType>();
const byKeyword = new Map<string, AttributeType>();

for (const [oid, keywords, tag, longest] of rows) {
  const [keyword = oid, ...others] = keywords.split(' ');
  const type = { oid, keyword, tag, longest };
  byOid.set(oid, type);
  for (const name of [keyword, ...others]) byKeyword.set(name.toLowerCase(), type);
}

/** The type with this dotted OID, or null for one the station does not know. */
export function attributeTypeOf(oid: string): AttributeType | null {
  return byOid.get(oid) ?? null;
}

/** The type a person means by a keyword, whatever its case. */
export function attributeTypeNamed(keyword: string): AttributeType | null {
  return byKeyword.get(keyword.toLowerCase()) ?? null;
}
