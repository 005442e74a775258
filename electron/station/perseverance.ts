import { setTimeout } from 'node:timers/promises';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Clock } from './ports.ts';
import { type RetryRules, retryAfter } from './retry-policy.ts';

export interface Perseverance {
  readonly clock: Clock;
  readonly rules: RetryRules;
  /** Seconds for all waiting together; a wait that does not fit is not begun. */
  readonly budgetSeconds: number;
  readonly signal: AbortSignal;
  /** Waits for this time before the first attempt: what an earlier answer asked for. */
  readonly first?: { readonly record: EnrollmentRecord; readonly due: Date } | null;
  /** One attempt: the first, or the continuation of the one before. */
  attempt(previous: EnrollmentRecord | null): Promise<EnrollmentRecord>;
  /** Called once a second while waiting, with whole seconds left. */
  counting(secondsLeft: number, record: EnrollmentRecord): void;
}

/**
 * Tries until the enrollment ends in a way another attempt cannot change, or the time is used up. Never sooner
 * than `retryAfter` says.
 * @returns the last attempt's record.
 * @throws StationError CANCEL-01 when cancelled while waiting: the record stands as the last attempt left it.
 */
export async function persevere(task: Perseverance): Promise<EnrollmentRecord> {
  const { clock, rules, budgetSeconds } = task;
  const end = clock.elapsed() + budgetSeconds * 1000;
  const { first = null } = task;
  if (first !== null) {
    const due = clock.elapsed() + first.due.getTime() - clock.now().getTime();
    if (due > end) return first.record;
    await waitUntil(due, task, first.record);
  }
  let record = await task.attempt(null);
  for (;;) {
    const { state, error, retryAfterSeconds } = record;
    const seconds = retryAfter({ state, code: error?.code ?? null, retryAfterSeconds }, rules);
    if (seconds === null || clock.elapsed() + seconds * 1000 > end) return record;
    await waitUntil(clock.elapsed() + seconds * 1000, task, record);
    record = await task.attempt(record);
  }
}

async function waitUntil(
  due: number,
  { clock, signal, counting }: Perseverance,
  record: EnrollmentRecord,
): Promise<void> {
  let told = Number.POSITIVE_INFINITY;
  for (;;) {
    if (signal.aborted) throw new StationError('CANCEL-01', { step: 'waiting' });
    const left = due - clock.elapsed();
    if (left <= 0) return;
    const seconds = Math.ceil(left / 1000);
    // A timer may end a moment early: the same second is told once.
    if (seconds < told) counting(seconds, record);
    told = seconds;
    try {
      await setTimeout(Math.ceil(Math.min(left, 1000)), undefined, { signal });
    } catch {
      throw new StationError('CANCEL-01', { step: 'waiting' });
    }
  }
}
