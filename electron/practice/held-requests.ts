import { randomBytes } from 'node:crypto';

const mostHeld = 1000;

/** Requests (PKCS#10, DER) that wait for their client to ask again, by pending token (RFC 5272 §6.14). */
export class HeldRequests {
  readonly #byToken = new Map<string, Buffer>();

  /** Keeps a request. @returns the token to ask for it with. */
  hold(request: Buffer): Buffer {
    const token = randomBytes(16);
    this.#byToken.set(token.toString('hex'), request);
    const [oldest] = this.#byToken.keys();
    if (this.#byToken.size > mostHeld && oldest !== undefined) this.#byToken.delete(oldest);
    return token;
  }

  /** The request kept under a token, or null. It stays: an answer may be lost on its way. */
  find(token: Buffer): Buffer | null {
    return this.#byToken.get(token.toString('hex')) ?? null;
  }
}
