import { InvalidArgumentError } from 'commander';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';
import { type Perseverance, persevere } from '../station/perseverance.ts';
import type { Station } from '../station/station.ts';
import type { CliContext } from './context.ts';

/** `--wait` without a number: as long as a server may ask to wait, in seconds. */
const longestWait = 7 * 24 * 3600;

/** `--wait [seconds]` as commander hands it over; absent: one attempt. */
export type Wait = true | number | undefined;

/** Reads the seconds of `--wait`. */
export function waitSeconds(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= longestWait) return value;
  throw new InvalidArgumentError(`It must be seconds from 1 to ${longestWait}.`);
}

/** The help of `--wait`. */
export const waitHelp =
  'wait and try again by itself while that can help, at most this many seconds';

/**
 * Runs an enrollment to its end, with `--wait` again and again by the rules of the station. Ctrl-C stops the
 * running attempt, or the waiting.
 * @param first what an earlier answer asked to wait for; with `--wait` only.
 * @param begin starts the first attempt, or continues the enrollment of `previous`; gives its identifier.
 */
export async function runAttempts(
  context: CliContext,
  station: Station,
  profile: Profile,
  wait: Wait,
  begin: (previous: EnrollmentRecord | null) => Promise<string>,
  first: Perseverance['first'] = null,
): Promise<EnrollmentRecord> {
  const { connectRetryIntervalSeconds, resubmitUnknownOutcome } = profile.lifecycle;
  const attempt = async (previous: EnrollmentRecord | null) =>
    await followed(context, station, await begin(previous));
  if (wait === undefined) return await attempt(null);
  return await persevere({
    clock: station.ports.clock,
    rules: { intervalSeconds: connectRetryIntervalSeconds, resubmitUnknownOutcome },
    budgetSeconds: wait === true ? longestWait : wait,
    signal: context.signal,
    first,
    attempt,
    counting: (secondsLeft, record) => {
      if (secondsLeft > 5 && secondsLeft % 10 !== 0) return;
      const reason = record.error === null ? '' : ` (${record.error.code})`;
      context.output.progress(`  ${record.state}${reason}: again in ${secondsLeft} s`);
    },
  });
}

/** The end of a started enrollment; a signal cancels it at its next safe point. */
async function followed(
  context: CliContext,
  station: Station,
  enrollmentId: string,
): Promise<EnrollmentRecord> {
  const cancel = () => station.cancel(enrollmentId);
  if (context.signal.aborted) cancel();
  context.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await station.ended(enrollmentId);
  } finally {
    context.signal.removeEventListener('abort', cancel);
  }
}
