import { createHash } from 'node:crypto';

/**
 * Which public keys were asked about before. A key met for the first time is kept waiting, later requests for
 * it are not; nothing else is remembered, so that every one of those is issued anew.
 */
export class PendingRequests {
  readonly #met = new Set<string>();

  /** True for the first request with this SubjectPublicKeyInfo (DER). */
  isFirst(spki: Uint8Array): boolean {
    const key = createHash('sha256').update(spki).digest('hex');
    if (this.#met.has(key)) return false;
    this.#met.add(key);
    return true;
  }
}
