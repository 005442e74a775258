import { transcode } from 'node:buffer';
import { hash } from 'node:crypto';

/** Hashes of RFC 7292 with their block length in octets. */
export const blockLengths = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;
export type DerivationHash = keyof typeof blockLengths;

/** What a derived key is for (RFC 7292 §B.3). */
export const purposes = { key: 1, iv: 2, mac: 3 } as const;

/**
 * The password as RFC 7292 §B.1 has it: BMPString with two zero octets at the end. The caller zeroes it.
 * @param password UTF-8.
 */
export function bmpPassword(password: Uint8Array): Buffer {
  const utf16 = transcode(password, 'utf8', 'utf16le').swap16();
  const padded = Buffer.concat([utf16, Buffer.alloc(2)]);
  utf16.fill(0);
  return padded;
}

/**
 * Derives octets from a password (RFC 7292 §B.2).
 * @param password as of `bmpPassword`.
 */
export function deriveOctets(
  digest: DerivationHash,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  purpose: keyof typeof purposes,
  length: number,
): Buffer {
  const block = blockLengths[digest];
  const diversifier = Buffer.alloc(block, purposes[purpose]);
  const input = Buffer.concat([filled(salt, block), filled(password, block)]);
  const derived: Buffer[] = [];
  let made = 0;
  while (made < length) {
    let round = hash(digest, Buffer.concat([diversifier, input]), 'buffer');
    for (let count = 1; count < iterations; count++) round = hash(digest, round, 'buffer');
    derived.push(round);
    made += round.length;
    const added = filled(round, block).subarray(0, block);
    for (let at = 0; at < input.length; at += block) add(input.subarray(at, at + block), added);
  }
  input.fill(0);
  return Buffer.concat(derived).subarray(0, length);
}

/** Repeated to the next multiple of the block length; nothing stays nothing. */
function filled(octets: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(octets.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, octets);
}

/** Adds `addend` and one to `number`, both big-endian, modulo 2^(8·length). */
function add(number: Buffer, addend: Uint8Array): void {
  let carry = 1;
  for (let at = number.length - 1; at >= 0; at--) {
    carry += (number[at] ?? 0) + (addend[at] ?? 0);
    number[at] = carry & 0xff;
    carry >>= 8;
  }
}
