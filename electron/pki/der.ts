/** Strict reading of DER (X.690 §10): what arrives from a network is bounded and well-formed or refused. */

/** Thrown inside this folder; every public reader turns it into a StationError. */
export class MalformedDer extends Error {}

/** One element: its identifier octet, its contents, and all its octets as they stood. */
export interface Element {
  readonly tag: number;
  readonly contents: Buffer;
  readonly whole: Buffer;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of `[number] IMPLICIT` over a primitive type. */
export const contextPrimitive = (number: number): number => 0x80 + number;
/** Identifier octet of `[number] EXPLICIT`, or IMPLICIT over a constructed type. */
export const contextConstructed = (number: number): number => 0xa0 + number;

/** DER, or the BER that RFC 5652 permits around a CMS message: longer lengths, indefinite lengths. */
type Rules = 'DER' | 'BER';

const deepestIndefinite = 32;
const longestList = 1024;

/** Walks the elements of a constructed value from left to right. */
export class DerReader {
  readonly #bytes: Buffer;
  readonly #rules: Rules;
  #offset = 0;

  constructor(bytes: Uint8Array, rules: Rules = 'DER') {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#rules = rules;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** The identifier octet that comes next, or null at the end. */
  get nextTag(): number | null {
    return this.#bytes[this.#offset] ?? null;
  }

  /** @throws MalformedDer when no whole element follows. */
  next(): Element {
    const element = elementAt(this.#bytes, this.#offset, this.#rules, 0);
    this.#offset += element.whole.length;
    return element;
  }

  /** The next element, which must be of this kind. `what` names it in the error. */
  take(tag: number, what: string): Element {
    if (this.nextTag !== tag) throw new MalformedDer(`${what} is missing or of another type`);
    return this.next();
  }

  /** The next element if it is of this kind. */
  optional(tag: number): Element | null {
    return this.nextTag === tag ? this.next() : null;
  }

  /**
   * All elements that are left. The smallest take two octets and a hundred times that once they are apart, so that
   * nobody gets more of them than a list can sensibly have.
   * @param most elements accepted.
   */
  rest(most: number = longestList): Element[] {
    const elements: Element[] = [];
    while (!this.done) {
      if (elements.length === most) throw new MalformedDer(`there are more than ${most} of them`);
      elements.push(this.next());
    }
    return elements;
  }

  /** @throws MalformedDer when anything is left. */
  end(what: string): void {
    if (!this.done) throw new MalformedDer(`something follows ${what} that does not belong there`);
  }

  /** A reader over the contents of the next element, which must be of this kind. */
  enter(tag: number, what: string): DerReader {
    return new DerReader(this.take(tag, what).contents, this.#rules);
  }
}

/** Exactly one element of this kind and nothing after it. */
export function readOnly(
  bytes: Uint8Array,
  tag: number,
  what: string,
  rules: Rules = 'DER',
): Element {
  const reader = new DerReader(bytes, rules);
  const element = reader.take(tag, what);
  reader.end(what);
  return element;
}

/** A reader over the contents of the only element of `bytes`. */
export function enterOnly(
  bytes: Uint8Array,
  tag: number,
  what: string,
  rules: Rules = 'DER',
): DerReader {
  return new DerReader(readOnly(bytes, tag, what, rules).contents, rules);
}

function elementAt(bytes: Buffer, start: number, rules: Rules, depth: number): Element {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new MalformedDer('the data ends early');
  if ((tag & 0x1f) === 0x1f) throw new MalformedDer('a tag number above 30 has no place here');
  if (first === 0x80) return indefiniteAt(bytes, start, rules, depth);
  const { length, octets } = lengthAt(bytes, start + 1, rules);
  const from = start + 1 + octets;
  if (length > bytes.length - from) throw new MalformedDer('the data ends early');
  return {
    tag,
    contents: bytes.subarray(from, from + length),
    whole: bytes.subarray(start, from + length),
  };
}

function lengthAt(bytes: Buffer, start: number, rules: Rules): { length: number; octets: number } {
  const first = bytes[start] ?? 0;
  if (first < 0x80) return { length: first, octets: 1 };
  const count = first & 0x7f;
  if (count > 4 || start + count >= bytes.length) throw new MalformedDer('the data ends early');
  const length = bytes.readUIntBE(start + 1, count);
  const shortest = length >= 0x80 && (bytes[start + 1] ?? 0) !== 0;
  if (rules === 'DER' && !shortest) throw new MalformedDer('a length is not in its shortest form');
  return { length, octets: 1 + count };
}

/** X.690 §8.1.3.6: the contents end with two zero octets. */
function indefiniteAt(bytes: Buffer, start: number, rules: Rules, depth: number): Element {
  const tag = bytes[start] ?? 0;
  if (rules === 'DER' || (tag & 0x20) === 0) {
    throw new MalformedDer('an indefinite length has no place here');
  }
  if (depth >= deepestIndefinite) throw new MalformedDer('the data is nested too deeply');
  const from = start + 2;
  let offset = from;
  while (bytes[offset] !== 0 || bytes[offset + 1] !== 0) {
    offset += elementAt(bytes, offset, rules, depth + 1).whole.length;
  }
  return {
    tag,
    contents: bytes.subarray(from, offset),
    whole: bytes.subarray(start, offset + 2),
  };
}
