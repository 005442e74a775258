import { attributeText, type NameAttribute, nameRdns } from './name.ts';

/**
 * A Name in the form names are compared in (RFC 5280 §7.1): one text per relative distinguished name,
 * in the order of DER; case, surrounding and repeated spaces and string types do not count.
 * @throws MalformedDer when `der` is not a Name.
 */
export function comparableRdns(der: Uint8Array): string[] {
  return nameRdns(der).map((rdn) => JSON.stringify(rdn.map(comparableAttribute).sort()));
}

/** The whole Name as one comparable text. */
export function comparableName(der: Uint8Array): string {
  return JSON.stringify(comparableRdns(der));
}

/** True when both Names are the same after RFC 5280 §7.1. @throws MalformedDer. */
export function sameName(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0 || comparableName(left) === comparableName(right);
}

function comparableAttribute({ oid, value }: NameAttribute): string {
  const text = attributeText(value);
  return text === null ? `${oid}#${value.toString('hex')}` : `${oid}=${prepared(text)}`;
}

/** The part of RFC 4518's string preparation that certificates in use depend on. */
function prepared(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
