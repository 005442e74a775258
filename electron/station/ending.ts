import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import type { EnrollmentTask } from './enrollment-task.ts';

/** Ends with a request that waits at the CA, which told when to ask again (RFC 7030 §4.2.3), or did not. */
export async function pending(
  { log, profile }: EnrollmentTask,
  retryAfterSeconds: number | null,
  evidence: Readonly<Record<string, string>> = {},
): Promise<EnrollmentRecord> {
  const { connectRetryIntervalSeconds } = profile.lifecycle;
  const seconds = retryAfterSeconds || connectRetryIntervalSeconds;
  const error = new StationError('SERVER-13', { seconds });
  log.note({ retryAfterSeconds, error: error.toData() });
  return await log.end('pending', { retryAfterSeconds, ...evidence });
}

/** Ends in the state that tells the truth about what the server may have done. */
export async function endBadly(
  task: EnrollmentTask,
  raised: StationError,
): Promise<EnrollmentRecord> {
  const { log, ports, signal } = task;
  const step = log.working ?? 'planned';
  // A question that was left cancels too.
  const left = raised.code === 'CANCEL-01';
  const cancelled = (signal.aborted || left) && !isAnswer(raised);
  const error = cancelled ? new StationError('CANCEL-01', { step }) : raised;
  const state = badEnd(task, error);
  const seconds = error.code === 'SERVER-08' ? error.params.seconds : null;
  const rests = state === task.earlier?.state;
  log.note({
    error: error.toData(),
    ...(rests ? {} : { retryAfterSeconds: typeof seconds === 'number' ? seconds : null }),
  });
  if (state === 'outcome-unknown' && log.record.operation === 'serverkeygen') {
    log.warn(notice('KEY-PERHAPS-LOST', { subject: task.profile.request.subject }));
  }
  const record = await log.end(state, { code: error.code, step });
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: `enrollment.${state}`,
    token: record.keystore?.token ?? null,
    certificate: record.certificate?.fingerprint ?? null,
    details: { enrollment: record.enrollmentId, code: error.code, step, server: record.server },
  });
  return record;
}

/** Codes that mean: the request went out, and no complete answer came back. */
const lostAnswers: ReadonlySet<string> = new Set([
  'NET-03',
  'NET-04',
  'NET-06',
  'NET-07',
  'SERVER-12',
  // Not to be believed: whoever wrote it, what the CA did is not known.
  'CMC-10',
  'CMC-12',
  'CANCEL-01',
]);

/** What the server or the certificate itself says is no less true because a person has cancelled meanwhile. */
function isAnswer({ code, exitName }: StationError): boolean {
  return exitName === 'issued-not-stored' || /^(?:SERVER|CMC|CERT|KEY)-/.test(code);
}

/** Steps before anything goes to the CA. */
export const unsent: ReadonlySet<EnrollmentState> = new Set([
  'token-ready',
  'trusted',
  'key-made',
  'attributes-known',
  'authenticated',
  'signed',
  'submitted',
]);

function badEnd({ log: { working }, earlier }: EnrollmentTask, error: StationError) {
  // Nothing was submitted this time: what the server knows, or may know, is as it was.
  const waits = earlier?.state === 'pending' || earlier?.state === 'outcome-unknown';
  if (earlier !== null && waits && (working === null || unsent.has(working))) return earlier.state;
  return endOf(working, error);
}

function endOf(working: EnrollmentLog['working'], error: StationError): EnrollmentState {
  if (error.exitName === 'issued-not-stored') return 'issued-not-stored';
  if (working === 'issued' && lostAnswers.has(error.code)) return 'outcome-unknown';
  if (error.code === 'CANCEL-01') return 'cancelled';
  return error.exitName === 'server' ? 'refused' : 'failed';
}
