import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { RunningEnrollments } from '../store/store.ts';

/** The enrollments this process has at hand; a claim in the store keeps every other process from them. */
export class EnrollmentsUnderWay {
  readonly #claims: RunningEnrollments;
  readonly #running = new Map<string, { abort: AbortController; end: Promise<EnrollmentRecord> }>();

  constructor(claims: RunningEnrollments) {
    this.#claims = claims;
  }

  /** Starts work that goes on after this returns. @throws StationError OUTCOME-03 when another process has it */
  async start(
    enrollmentId: string,
    work: (signal: AbortSignal) => Promise<EnrollmentRecord>,
  ): Promise<void> {
    await this.#claim(enrollmentId);
    const abort = new AbortController();
    const end = this.#work(enrollmentId, abort, work);
    this.#running.set(enrollmentId, { abort, end });
  }

  /** Does work on an enrollment that no other process has at hand. @throws StationError OUTCOME-03 */
  async alone<Result>(enrollmentId: string, work: () => Promise<Result>): Promise<Result> {
    await this.#claim(enrollmentId);
    try {
      return await work();
    } finally {
      await this.#claims.release(enrollmentId);
    }
  }

  /** The end of a running enrollment, or null when it does not run here. */
  async end(enrollmentId: string): Promise<EnrollmentRecord | null> {
    return (await this.#running.get(enrollmentId)?.end) ?? null;
  }

  /** Stops a running enrollment at the next safe point; an ended one stays as it is. */
  cancel(enrollmentId: string): void {
    this.#running.get(enrollmentId)?.abort.abort();
  }

  /** Cancels what runs and waits for its last journal entry. */
  async cancelAll(): Promise<void> {
    const ends = [...this.#running.values()].map(({ abort, end }) => {
      abort.abort();
      return end;
    });
    await Promise.all(ends);
  }

  async #claim(enrollmentId: string): Promise<void> {
    if (await this.#claims.claim(enrollmentId)) return;
    throw new StationError('OUTCOME-03', { enrollment: enrollmentId });
  }

  async #work(
    enrollmentId: string,
    abort: AbortController,
    work: (signal: AbortSignal) => Promise<EnrollmentRecord>,
  ): Promise<EnrollmentRecord> {
    try {
      return await work(abort.signal);
    } finally {
      // Released first: whoever closes the store waits for it. Another attempt may have begun meanwhile.
      await this.#claims.release(enrollmentId);
      if (this.#running.get(enrollmentId)?.abort === abort) this.#running.delete(enrollmentId);
    }
  }
}
