import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';
import { settingsOf } from './enrollment-settings.ts';
import { retryAfter } from './retry-policy.ts';
import type { Station } from './station.ts';
import { unlockedForMs } from './unlocked-tokens.ts';

/** What an attempt may have met for the station to ask again by itself: the server, or the way to it. */
const byItself = /^(?:SERVER-13|SERVER-07|SERVER-08|SERVER-12|NET-\d+|TLS-04)$/;

/** The longest a timer of Node.js can wait, milliseconds. */
const longestTimer = 2_147_483_647;

/**
 * Asks again for enrollments of this window that the server put off, while the station still holds what they need.
 * After a restart, or when the token has been logged out meanwhile, a person asks.
 */
export class AutomaticResumption {
  readonly #station: Station;
  readonly #waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: Date }>();
  #closing = false;

  constructor(station: Station) {
    this.#station = station;
  }

  /** When the station asks again by itself, or null. */
  dueAt(enrollmentId: string): Date | null {
    return this.#waiting.get(enrollmentId)?.at ?? null;
  }

  /** Takes note of how an attempt ended. */
  async note(record: EnrollmentRecord): Promise<void> {
    this.#forget(record.enrollmentId);
    if (record.state !== 'pending' || !byItself.test(record.error?.code ?? 'SERVER-13')) return;
    const { clock, store } = this.#station.ports;
    const profile = await settingsOf(store, record);
    if (profile === null || this.#closing) return;
    const seconds = retryAfter({ ...record, code: null }, rulesOf(profile));
    if (seconds === null || !staysReady(profile, seconds * 1000)) return;
    const ms = Math.min(seconds * 1000, longestTimer);
    const timer = setTimeout(() => void this.#ask(profile, record.enrollmentId), ms);
    timer.unref();
    const at = new Date(clock.now().getTime() + ms);
    this.#waiting.set(record.enrollmentId, { timer, at });
  }

  /** A person takes the enrollment in hand. */
  stop(enrollmentId: string): void {
    this.#forget(enrollmentId);
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#closing = true;
    for (const enrollmentId of this.#waiting.keys()) this.#forget(enrollmentId);
  }

  async #ask(profile: Profile, enrollmentId: string): Promise<void> {
    this.#waiting.delete(enrollmentId);
    try {
      // The person agreed to an unchecked name when the enrollment was begun.
      await this.#station.resume({ profile, unverifiedNameConfirmed: true }, enrollmentId);
    } catch {
      // Another process has it, or it was settled meanwhile: the list tells how it stands.
    }
  }

  #forget(enrollmentId: string): void {
    clearTimeout(this.#waiting.get(enrollmentId)?.timer);
    this.#waiting.delete(enrollmentId);
  }
}

function rulesOf({ lifecycle }: Profile) {
  const { connectRetryIntervalSeconds, resubmitUnknownOutcome } = lifecycle;
  return { intervalSeconds: connectRetryIntervalSeconds, resubmitUnknownOutcome };
}

/** A token is logged out after some idle minutes; passphrases and passwords are held until they have served. */
function staysReady({ keystore }: Profile, ms: number): boolean {
  return keystore.kind === 'software' || ms < unlockedForMs;
}
