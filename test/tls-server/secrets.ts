import { createHash, createHmac } from 'node:crypto';
import { uint16, vector } from './bytes.ts';

/** Hash of the suites this server speaks. */
export type Hash = 'sha256' | 'sha384';

export const hashOf = (hash: Hash, ...parts: readonly Uint8Array[]): Buffer =>
  createHash(hash).update(Buffer.concat(parts)).digest();

const hmac = (hash: Hash, key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  createHmac(hash, key).update(Buffer.concat(parts)).digest();

/** The pseudorandom function of TLS 1.2 (RFC 5246 §5). */
export function prf(hash: Hash, secret: Buffer, label: string, seed: Buffer, size: number): Buffer {
  const full = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  const blocks: Buffer[] = [];
  let a: Buffer = full;
  for (let made = 0; made < size; made += blocks.at(-1)?.length ?? size) {
    a = hmac(hash, secret, a);
    blocks.push(hmac(hash, secret, a, full));
  }
  return Buffer.concat(blocks).subarray(0, size);
}

/** HKDF-Expand-Label (RFC 8446 §7.1); nothing here is longer than one hash. */
export function expandLabel(
  hash: Hash,
  secret: Buffer,
  label: string,
  context: Buffer,
  size: number,
): Buffer {
  const info = Buffer.concat([
    uint16(size),
    vector(1, Buffer.from(`tls13 ${label}`, 'latin1')),
    vector(1, context),
  ]);
  return hmac(hash, secret, info, Buffer.of(1)).subarray(0, size);
}

/** The secrets of one TLS 1.3 connection without a pre-shared key (RFC 8446 §7.1). */
export class KeySchedule {
  readonly hash: Hash;
  #secret: Buffer;

  constructor(hash: Hash) {
    this.hash = hash;
    const zeros = Buffer.alloc(this.#size);
    this.#secret = hmac(hash, zeros, zeros);
  }

  get #size(): number {
    return this.hash === 'sha256' ? 32 : 48;
  }

  /** Goes on to the next stage: Handshake Secret with the shared secret, Master Secret with none. */
  mix(input: Buffer = Buffer.alloc(this.#size)): void {
    const salt = expandLabel(this.hash, this.#secret, 'derived', hashOf(this.hash), this.#size);
    this.#secret = hmac(this.hash, salt, input);
  }

  derive(label: string, transcript: Buffer): Buffer {
    return expandLabel(this.hash, this.#secret, label, hashOf(this.hash, transcript), this.#size);
  }

  /** verify_data of a Finished (RFC 8446 §4.4.4). */
  finished(traffic: Buffer, transcript: Buffer): Buffer {
    const key = expandLabel(this.hash, traffic, 'finished', Buffer.alloc(0), this.#size);
    return hmac(this.hash, key, hashOf(this.hash, transcript));
  }

  /** The traffic secret after a KeyUpdate (RFC 8446 §7.2). */
  next(traffic: Buffer): Buffer {
    return expandLabel(this.hash, traffic, 'traffic upd', Buffer.alloc(0), this.#size);
  }
}
