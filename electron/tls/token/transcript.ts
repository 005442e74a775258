import { createHash } from 'node:crypto';
import { uint } from './bytes.ts';

const messageHash = 254;

/** The handshake messages of both sides in order, without record headers (RFC 8446 §4.4.1). */
export class Transcript {
  #messages: Buffer[] = [];

  add(message: Buffer): void {
    this.#messages.push(message);
  }

  /** All messages as they are; a TLS 1.2 client signs these (RFC 5246 §7.4.8). */
  bytes(): Buffer {
    return Buffer.concat(this.#messages);
  }

  digest(hash: string): Buffer {
    const sum = createHash(hash);
    for (const message of this.#messages) sum.update(message);
    return sum.digest();
  }

  /** RFC 8446 §4.4.1: before a HelloRetryRequest the first ClientHello is replaced by its hash. */
  replaceByHash(hash: string): void {
    const digest = this.digest(hash);
    this.#messages = [Buffer.concat([uint(1, messageHash), uint(3, digest.length), digest])];
  }
}
