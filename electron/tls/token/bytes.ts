import { alerts, TlsFailure } from './failure.ts';

/** Octets in front of a vector that tell its length (RFC 8446 §3.4). */
type LengthOctets = 1 | 2 | 3;

/** Reads the presentation language of TLS (RFC 8446 §3): bounded, in order, nothing left over. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #offset = 0;

  /** @param what the structure's name, for the error. */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** @throws TlsFailure decode_error when fewer octets are left. */
  take(length: number): Buffer {
    if (length > this.remaining) throw this.malformed();
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** An unsigned number of so many octets, most significant first. */
  uint(octets: LengthOctets): number {
    return this.take(octets).readUIntBE(0, octets);
  }

  /** The content of a vector with at least `least` octets. */
  vector(octets: LengthOctets, least = 0): Buffer {
    const content = this.take(this.uint(octets));
    if (content.length < least) throw this.malformed();
    return content;
  }

  /** A vector of 16-bit numbers, at least one. */
  numbers(octets: LengthOctets): number[] {
    const content = this.vector(octets, 2);
    if (content.length % 2 !== 0) throw this.malformed();
    return Array.from({ length: content.length / 2 }, (_, index) =>
      content.readUInt16BE(index * 2),
    );
  }

  /** @throws TlsFailure decode_error when anything is left. */
  end(): void {
    if (this.remaining > 0) throw this.malformed();
  }

  malformed(): TlsFailure {
    return new TlsFailure(alerts.decodeError, `the server sent a malformed ${this.#what}`);
  }
}

/** An unsigned number in so many octets, most significant first. */
export function uint(octets: LengthOctets, value: number): Buffer {
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntBE(value, 0, octets);
  return bytes;
}

/** A vector: its length in so many octets, then its content. */
export function vector(octets: LengthOctets, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([uint(octets, length), ...parts]);
}
