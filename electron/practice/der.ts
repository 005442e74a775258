import { contextConstructed, contextPrimitive, tags } from '../pki/der.ts';
import { element } from '../pki/der-writer.ts';

/** The DER types only a certificate's issuer writes (X.690 §8, §11). */

export const utf8String = (text: string): Buffer =>
  element(tags.utf8String, Buffer.from(text, 'utf8'));

export const booleanTrue = (): Buffer => element(tags.boolean, Buffer.of(0xff));

/** `[number] EXPLICIT`. */
export const explicit = (number: number, member: Uint8Array): Buffer =>
  element(contextConstructed(number), member);

/** `[number] IMPLICIT` over a primitive type. */
export const implicit = (number: number, contents: Uint8Array): Buffer =>
  element(contextPrimitive(number), contents);

/** A BIT STRING of named bits, trailing zero bits removed (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Buffer {
  if (bits.length === 0) return element(tags.bitString, Buffer.of(0));
  const highest = Math.max(...bits);
  const bytes = Buffer.alloc(Math.floor(highest / 8) + 1);
  for (const bit of bits) {
    const index = Math.floor(bit / 8);
    bytes.writeUInt8(bytes.readUInt8(index) | (0x80 >> (bit % 8)), index);
  }
  return element(tags.bitString, Buffer.of(7 - (highest % 8)), bytes);
}

/** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5); whole seconds. */
export function time(moment: Date): Buffer {
  const digits = moment
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const year = moment.getUTCFullYear();
  return year < 2050
    ? element(tags.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : element(tags.generalizedTime, Buffer.from(digits, 'latin1'));
}
