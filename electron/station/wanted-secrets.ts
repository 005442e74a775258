import { randomUUID } from 'node:crypto';
import type { StationEvent } from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { namedToken } from './named-token.ts';
import type { TokenPort } from './ports.ts';

/** Milliseconds a person has to answer; a server waits for the signature meanwhile. */
const patience = 120_000;

/**
 * Asks the window's person for the PIN of one use of a key that wants it each time (CKA_ALWAYS_AUTHENTICATE). Each
 * question is answered once, with bytes or a refusal; nothing is kept.
 */
export class WantedSecrets {
  readonly #tokens: TokenPort;
  readonly #tell: (event: StationEvent) => void;
  readonly #waiting = new Map<string, (pin: Uint8Array | null) => void>();

  constructor(tokens: TokenPort, tell: (event: StationEvent) => void) {
    this.#tokens = tokens;
    this.#tell = tell;
  }

  /**
   * Looks at the PIN's state and asks.
   * @param signal aborted when nobody wants the answer any more: the question is withdrawn.
   * @returns UTF-8; the caller zeroes it.
   * @throws StationError PIN-02 (locked), PIN-03 (the last try is never spent so), PIN-11 (refused, or no answer).
   */
  async pinForUse({ module, serial, label }: TokenInfo, signal?: AbortSignal): Promise<Uint8Array> {
    const { pinState } = await namedToken(this.#tokens, {
      kind: 'pkcs11',
      module,
      token: { serial, label },
    });
    if (pinState === 'locked') throw new StationError('PIN-02');
    if (pinState === 'final') throw new StationError('PIN-03');
    const pin = await this.#ask(
      (id) => ({ id, purpose: 'key-use', label, serial, pinState }),
      signal,
    );
    if (pin === null) throw new StationError('PIN-11');
    return pin;
  }

  /** Answers the question `id` with a copy of `secret`; null declines. One that no longer waits is passed over. */
  give(id: string, secret: Uint8Array | null): void {
    this.#waiting.get(id)?.(secret === null ? null : Uint8Array.from(secret));
  }

  /** Declines whatever waits: nobody wants it any more. */
  declineAll(): void {
    for (const id of [...this.#waiting.keys()]) this.give(id, null);
  }

  async #ask(
    question: (id: string) => Extract<StationEvent, { name: 'secret.wanted' }>['payload'],
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | null> {
    if (signal?.aborted) return null;
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    const timer = setTimeout(() => resolve(null), patience);
    const withdraw = () => resolve(null);
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#waiting.set(id, resolve);
    this.#tell({ name: 'secret.wanted', payload: question(id) });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', withdraw);
      this.#waiting.delete(id);
      this.#tell({ name: 'secret.settled', payload: { id } });
    }
  }
}
