import { tags } from './der.ts';

/** DER composition (X.690 §10): definite lengths in their shortest form. */

/** One element from its identifier octet and the parts of its contents. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOctets(contents.length), contents]);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

export const sequence = (...members: readonly Uint8Array[]): Buffer =>
  element(tags.sequence, ...members);

/** X.690 §11.6: the members of a SET OF stand in ascending order of their encodings. */
export const setOf = (...members: readonly Uint8Array[]): Buffer =>
  element(tags.set, ...[...members].sort(Buffer.compare));

export const octetString = (octets: Uint8Array): Buffer => element(tags.octetString, octets);

/** A BIT STRING that fills whole octets. */
export const bitString = (octets: Uint8Array): Buffer =>
  element(tags.bitString, Buffer.of(0), octets);

export const nullValue = (): Buffer => element(tags.null);

/** An INTEGER from the big-endian octets of a non-negative number. */
export function unsignedInteger(magnitude: Uint8Array): Buffer {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const octets = start < 0 ? Buffer.of(0) : magnitude.subarray(start);
  const sign = (octets[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0);
  return element(tags.integer, sign, octets);
}

/** An OBJECT IDENTIFIER from its dotted form, which must be well-formed. */
export function objectIdentifier(dotted: string): Buffer {
  const [top = 0n, second = 0n, ...others] = dotted.split('.').map(BigInt);
  return element(
    tags.objectIdentifier,
    Buffer.from([top * 40n + second, ...others].flatMap(base128)),
  );
}

/** True for `1.2.840…`: at least two arcs, the second below 40 under 0 and 1 (X.660). */
export function isDottedIdentifier(text: string): boolean {
  const arcs = /^([0-2])\.(0|[1-9]\d{0,38})((?:\.(?:0|[1-9]\d{0,38})){0,62})$/.exec(text);
  return arcs !== null && (arcs[1] === '2' || Number(arcs[2]) < 40);
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(0x80 | Number(rest & 0x7fn));
  return octets;
}
