import { DerReader, type Element, MalformedDer, readOnly, tags } from '../der.ts';

/** PKCS#12 files may be BER (RFC 7292 §4): indefinite lengths, and OCTET STRINGs in pieces. */
const constructed = 0x20;
const deepest = 4;

/** The octets of an OCTET STRING, or of one under a context tag, also in pieces (X.690 §8.7). */
export function octetsOf(element: Element, depth = 0): Buffer {
  if ((element.tag & constructed) === 0) return element.contents;
  if (depth >= deepest) throw new MalformedDer('an OCTET STRING is nested too deeply');
  const pieces = new DerReader(element.contents, 'BER').rest();
  return Buffer.concat(
    pieces.map((piece) => {
      if ((piece.tag & ~constructed) !== tags.octetString) {
        throw new MalformedDer('a piece of an OCTET STRING is of another type');
      }
      return octetsOf(piece, depth + 1);
    }),
  );
}

/** A reader over the contents of an element of this kind. */
export function readerOf(element: Element, tag: number, what: string): DerReader {
  if (element.tag !== tag) throw new MalformedDer(`${what} is of another type`);
  return new DerReader(element.contents, 'BER');
}

/** A reader over the contents of the only element of `bytes`. */
export function enterBer(bytes: Uint8Array, tag: number, what: string): DerReader {
  return new DerReader(readOnly(bytes, tag, what, 'BER').contents, 'BER');
}
