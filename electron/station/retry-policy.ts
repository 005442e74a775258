import type { EnrollmentState } from '../../shared/enrollment.ts';
import type { ErrorCode } from '../../shared/errors/catalogue.ts';

/** How an attempt ended, as far as another attempt depends on it. */
export interface Attempt {
  readonly state: EnrollmentState;
  readonly code: string | null;
  /** Seconds the server asked to wait (Retry-After), or null. */
  readonly retryAfterSeconds: number | null;
}

/** What the profile says about further attempts. */
export interface RetryRules {
  /** lifecycle.connectRetryIntervalSeconds. */
  readonly intervalSeconds: number;
  /** lifecycle.resubmitUnknownOutcome. */
  readonly resubmitUnknownOutcome: boolean;
}

/** Failures another attempt can cure: the way to the server, or a server that is busy or failing. */
const passing: ReadonlySet<string> = new Set([
  'NET-01',
  'NET-02',
  'NET-03',
  'NET-04',
  'NET-06',
  'NET-07',
  'NET-10',
  'TLS-04',
  'SERVER-07',
  'SERVER-08',
  'SERVER-12',
] satisfies ErrorCode[]);

/**
 * Whether, and in how many seconds, the same request may be tried again without a person.
 * A request the server asked to repeat (202) comes back when the server said (RFC 7030 §4.2.3), or after the
 * interval when it said nothing or named a time that has passed. What fails on the way, and 429, 503 and 5xx,
 * come back after the interval, or later when the server asks for it. A refusal (4xx), doubts about who the
 * server is, and everything on this side never do; nor does a request whose answer was lost, unless the profile
 * allows it.
 * @returns seconds, at least 1; null for never.
 */
export function retryAfter(
  { state, code, retryAfterSeconds }: Attempt,
  { intervalSeconds, resubmitUnknownOutcome }: RetryRules,
): number | null {
  if (state === 'pending') return retryAfterSeconds || intervalSeconds;
  const later = Math.max(intervalSeconds, retryAfterSeconds ?? 0);
  if (state === 'outcome-unknown') return resubmitUnknownOutcome ? later : null;
  const ended = state === 'failed' || state === 'refused';
  return ended && code !== null && passing.has(code) ? later : null;
}
