import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { Store } from '../store/store.ts';

/** What an enrollment that is continued has done before; it stands in the journal, so it survives a restart. */
export interface EarlierRequest {
  /** The state the enrollment rested in: where it goes back to when nothing is submitted this time. */
  readonly state: EnrollmentState;
  /** Identifier of the key the request was made for; null when it had none yet. */
  readonly keyId: string | null;
  /** The request itself, PKCS#10 DER, and whether it was bound to its connection (RFC 7030 §3.5). */
  readonly request: { readonly der: Buffer; readonly bound: boolean } | null;
  /** Refuse to work with another key: the server, or a CA's operator, knows this one. */
  readonly keyRequired: boolean;
}

/** Entries of one step that are looked at: its end may be followed by another beginning, and by calls of the token. */
const lastEntries = 8;

/** Reads from the journal what the enrollment of `record` has done so far. */
export async function earlierRequest(
  { journal }: Store,
  { enrollmentId, state }: EnrollmentRecord,
  keyRequired: boolean,
): Promise<EarlierRequest> {
  const lastOf = async (wanted: EnrollmentState) => {
    const entries = await journal.read({ enrollmentId, state: wanted, limit: lastEntries });
    return entries.findLast(({ phase }) => phase === 'after')?.evidence ?? {};
  };
  const { publicKey } = await lastOf('key-made');
  const { request, bound } = await lastOf('signed');
  return {
    state,
    keyId: typeof publicKey === 'string' ? publicKey : null,
    request:
      typeof request === 'string'
        ? { der: Buffer.from(request, 'base64'), bound: bound === true }
        : null,
    keyRequired,
  };
}

/** Enrollments listed at once; more stand open only where nobody looks after them. */
const mostOpen = 1000;

/** The enrollments that rest in `state`, newest first; a wait may be long, and others come after it. */
export async function openEnrollments(
  store: Store,
  state: 'pending' | 'outcome-unknown',
): Promise<readonly EnrollmentRecord[]> {
  return await store.enrollments.list({ limit: mostOpen, states: [state] });
}

/** True when `record` is an enrollment with this profile. */
export function isOf(profile: Profile, record: EnrollmentRecord): boolean {
  return record.server === serverKey(profile) && record.profile === profile.name;
}

/** The newest enrollment of this profile and operation that rests in `state` and asked for the same name; or null. */
export async function openEnrollment(
  store: Store,
  profile: Profile,
  operation: EnrollmentRecord['operation'],
  state: 'pending' | 'outcome-unknown',
): Promise<EnrollmentRecord | null> {
  for (const record of await openEnrollments(store, state)) {
    if (!isOf(profile, record) || record.operation !== operation) continue;
    const { enrollmentId } = record;
    const [planned] = await store.journal.read({ enrollmentId, state: 'planned', limit: 1 });
    if (planned?.evidence.subject === profile.request.subject) return record;
  }
  return null;
}

/** The enrollment the same task would repeat. RFC 7030 §4.2.3 wants the same request again, so the same key. */
export async function repeatedEnrollment(
  store: Store,
  profile: Profile,
  operation: EnrollmentRecord['operation'],
): Promise<EnrollmentRecord | null> {
  return await openEnrollment(store, profile, operation, 'pending');
}

/** When an enrollment that waits may ask again, by its last answer. */
export async function dueAt(
  { journal }: Store,
  { enrollmentId, retryAfterSeconds, startedAt }: EnrollmentRecord,
  intervalSeconds: number,
): Promise<Date> {
  const [last] = await journal.read({ enrollmentId, state: 'pending', limit: 1 });
  const asked = new Date(last?.at ?? startedAt).getTime();
  return new Date(asked + (retryAfterSeconds || intervalSeconds) * 1000);
}
