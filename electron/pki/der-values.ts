import { type Element, MalformedDer, tags } from './der.ts';

/** The values of DER's simple types. All throw MalformedDer. */

/** X.690 §11.1: TRUE is FF, FALSE is 00. */
export function booleanValue(contents: Uint8Array): boolean {
  if (contents.length !== 1 || (contents[0] !== 0 && contents[0] !== 0xff)) {
    throw new MalformedDer('a BOOLEAN is neither TRUE nor FALSE');
  }
  return contents[0] === 0xff;
}

/** Checks the shortest form of an INTEGER (X.690 §8.3.2) and returns its octets. */
export function integerOctets(contents: Buffer): Buffer {
  const [first, second] = contents;
  if (first === undefined) throw new MalformedDer('an INTEGER is empty');
  const padded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new MalformedDer('an INTEGER is not in its shortest form');
  return contents;
}

/** A non-negative INTEGER below 2^32. */
export function smallInteger(contents: Buffer): number {
  const octets = integerOctets(contents);
  if ((octets[0] ?? 0) >= 0x80) throw new MalformedDer('a number is negative');
  if (octets.length > 5 || (octets.length === 5 && octets[0] !== 0)) {
    throw new MalformedDer('a number is too large');
  }
  return octets.readUIntBE(0, octets.length);
}

/** The octets of a BIT STRING that has no unused bits, as keys and signatures are (RFC 5280 §4.1). */
export function wholeBits(contents: Buffer): Buffer {
  if (contents[0] !== 0) throw new MalformedDer('a BIT STRING does not fill whole octets');
  return contents.subarray(1);
}

/** The numbers of the bits that are set in a BIT STRING of named bits (X.690 §11.2). */
export function namedBitNumbers(contents: Buffer): Set<number> {
  const unused = contents[0];
  if (unused === undefined || unused > 7 || (contents.length === 1 && unused > 0)) {
    throw new MalformedDer('a BIT STRING has an impossible count of unused bits');
  }
  const last = contents.at(-1) ?? 0;
  if (contents.length > 1 && (last & ((1 << unused) - 1)) !== 0) {
    throw new MalformedDer('unused bits of a BIT STRING are set');
  }
  const numbers = new Set<number>();
  for (const [index, byte] of contents.subarray(1).entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if (byte & (0x80 >> bit)) numbers.add(index * 8 + bit);
    }
  }
  return numbers;
}

const longestIdentifier = 256;

/** An OBJECT IDENTIFIER as dotted text. */
export function dottedIdentifier(contents: Buffer): string {
  const complete = contents.length > 0 && ((contents.at(-1) ?? 0) & 0x80) === 0;
  if (!complete || contents.length > longestIdentifier) {
    throw new MalformedDer('an object identifier is incomplete or too long');
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of contents) {
    if (fresh && byte === 0x80) {
      throw new MalformedDer('an object identifier is not in its shortest form');
    }
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = (byte & 0x80) === 0;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [joint = 0n, ...others] = arcs;
  const top = joint < 40n ? 0n : joint < 80n ? 1n : 2n;
  return [top, joint - top * 40n, ...others].join('.');
}

/** RFC 5280 §4.1.2.5: both forms in Zulu time with seconds and without fractions. */
export function timeValue({ tag, contents }: Element): Date {
  const text = contents.toString('latin1');
  const pattern =
    tag === tags.utcTime
      ? /^(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/
      : /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/;
  const digits = pattern.exec(text)?.groups;
  if (!digits || (tag !== tags.utcTime && tag !== tags.generalizedTime)) {
    throw new MalformedDer('a time is not in the form RFC 5280 prescribes');
  }
  const part = (name: string): number => Number(digits[name]);
  const century = part('year') >= 50 ? 1900 : 2000;
  const year = tag === tags.utcTime ? century + part('year') : part('year');
  const written = `${String(year).padStart(4, '0')}-${digits.month}-${digits.day}T${digits.hour}:${digits.minute}:${digits.second}.000Z`;
  const time = new Date(written);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== written) {
    throw new MalformedDer('a time names a moment that does not exist');
  }
  return time;
}

/** Text of any of the string types of a DirectoryString (RFC 5280 §4.1.2.4) or an IA5String. */
export function stringValue({ tag, contents }: Element): string {
  switch (tag) {
    case tags.utf8String:
      return decoded('utf-8', contents);
    case tags.printableString:
    case tags.ia5String:
      if (contents.some((byte) => byte >= 0x80)) {
        throw new MalformedDer('a text holds characters its type does not have');
      }
      return contents.toString('latin1');
    case tags.teletexString:
      return contents.toString('latin1');
    case tags.bmpString:
      if (contents.length % 2 !== 0) throw new MalformedDer('a BMPString has half a character');
      return decoded('utf-16le', Buffer.from(contents).swap16());
    case tags.universalString:
      return universalString(contents);
    default:
      throw new MalformedDer('a text is of a type that has no place here');
  }
}

/** True for the types `stringValue` reads. */
export function isString(tag: number): boolean {
  return stringTags.has(tag);
}

const stringTags: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.printableString,
  tags.ia5String,
  tags.teletexString,
  tags.bmpString,
  tags.universalString,
]);

function decoded(encoding: 'utf-8' | 'utf-16le', contents: Buffer): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(contents);
  } catch {
    throw new MalformedDer('a text holds characters its type does not have');
  }
}

function universalString(contents: Buffer): string {
  if (contents.length % 4 !== 0) throw new MalformedDer('a UniversalString has half a character');
  let text = '';
  for (let offset = 0; offset < contents.length; offset += 4) {
    const point = contents.readUInt32BE(offset);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new MalformedDer('a text holds characters its type does not have');
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
