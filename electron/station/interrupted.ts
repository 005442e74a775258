import {
  type EnrollmentRecord,
  type EnrollmentState,
  finalStates,
} from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { StoredJournalEntry } from '../store/store.ts';
import type { StationPorts } from './ports.ts';
import { callUnderWay } from './token-witness.ts';

/** States an enrollment can rest in, as the journal tells them. */
const resting: ReadonlySet<EnrollmentState> = new Set(['pending', ...finalStates]);

/** Entries of one enrollment that are looked at; the last attempt is among them. */
const lastEntries = 200;

/**
 * Gives every enrollment whose process was killed the state that tells the truth. The journal decides: a
 * submitted request without a recorded answer is `outcome-unknown`, an issued certificate stands in the record
 * and is `issued-not-stored`, and before that nothing has happened that needs a person.
 */
export async function settleInterrupted(ports: StationPorts): Promise<void> {
  const { running, enrollments, journal } = ports.store;
  for (const enrollmentId of await running.abandoned()) {
    if (!(await running.claim(enrollmentId))) continue;
    const record = await enrollments.get(enrollmentId);
    const entries = await journal.read({ enrollmentId, limit: lastEntries });
    if (record !== null && !isSettled(entries)) await settle(ports, record, entries);
    await running.release(enrollmentId);
  }
}

function isSettled(entries: readonly StoredJournalEntry[]): boolean {
  const last = entries.at(-1);
  return last !== undefined && last.phase === 'after' && resting.has(last.state);
}

/** The state the journal leads to. */
function stateAfter(entries: readonly StoredJournalEntry[]): EnrollmentState {
  for (const { phase, state, evidence } of entries.toReversed()) {
    if (phase === 'before') continue;
    if (state === 'issued') return 'issued-not-stored';
    if (state === 'submitted') return 'outcome-unknown';
    if (resting.has(state)) return state;
    if (state !== 'planned') continue;
    // An attempt that submitted nothing leaves what it continued as it was.
    return [...resting].find((rest) => rest === evidence.continues) ?? 'cancelled';
  }
  return 'cancelled';
}

async function settle(
  { store, clock, operator }: StationPorts,
  record: EnrollmentRecord,
  entries: readonly StoredJournalEntry[],
): Promise<void> {
  const { enrollmentId } = record;
  const state = stateAfter(entries);
  const step = entries.at(-1)?.state ?? 'planned';
  const error = errorFor(state, record, entries)?.toData() ?? record.error;
  const at = clock.now().toISOString();
  const call = callUnderWay(entries);
  const code = error?.code ?? null;
  const evidence = { code, step, interrupted: true, ...(call === null ? {} : { during: call }) };
  await store.journal.append(
    { enrollmentId, phase: 'after', state, at, evidence },
    { durable: true },
  );
  await store.enrollments.save({ ...record, state, error });
  await store.audit.append({
    at,
    who: operator,
    what: `enrollment.${state}`,
    token: record.keystore?.token ?? null,
    certificate: record.certificate?.fingerprint ?? null,
    details: { enrollment: enrollmentId, server: record.server, ...evidence },
  });
}

function errorFor(
  state: EnrollmentState,
  record: EnrollmentRecord,
  entries: readonly StoredJournalEntry[],
): StationError | null {
  const generated = record.operation === 'serverkeygen';
  if (state === 'outcome-unknown') {
    return generated ? keyLost(record, entries) : new StationError('OUTCOME-01');
  }
  const step = entries.at(-1)?.state ?? 'planned';
  if (state === 'cancelled') return new StationError('CANCEL-01', { step });
  if (state !== 'issued-not-stored') return null;
  const call = callUnderWay(entries);
  const during = call === null ? '' : ` (during ${call})`;
  const detail = `the station was ended before the certificate was stored${during}`;
  const keystore = record.keystore?.token ?? 'keystore';
  // Before it is stored, a key the server generated is in memory only.
  const code = generated && step !== 'stored' ? 'KEY-04' : 'CERT-07';
  return new StationError(code, { keystore, detail });
}

function keyLost(
  { profile, startedAt }: EnrollmentRecord,
  entries: readonly StoredJournalEntry[],
): StationError {
  const planned = entries.findLast(({ state }) => state === 'planned');
  const submitted = entries.findLast(({ state }) => state === 'submitted');
  const subject = String(planned?.evidence.subject ?? profile);
  return new StationError('OUTCOME-04', { subject, since: submitted?.at ?? startedAt });
}
