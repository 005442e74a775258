import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { JournalEntry, TrustAnchor } from '../electron/store/store.ts';
import type { EnrollmentRecord } from '../shared/enrollment.ts';
import { type Profile, profileSchema } from '../shared/profile.ts';

/** Examples of what a store holds. */
const at = '2026-02-03T04:05:06.000Z';
export const entry = (enrollmentId: string, index: number): JournalEntry => ({
  enrollmentId,
  phase: index % 2 === 0 ? 'before' : 'after',
  state: 'planned',
  at,
  evidence: { index, answer: null, ok: true },
});
export const event = { at, who: 'ada', what: 'test', token: null, certificate: null, details: {} };

export const anchor = (
  bytes: string,
  kind: TrustAnchor['kind'],
  confirmedBy = 'ada',
): TrustAnchor => {
  const der = Buffer.from(bytes);
  const fingerprint = createHash('sha256').update(der).digest('hex').toUpperCase();
  return {
    der,
    fingerprint,
    kind,
    source: 'operator',
    confirmedBy,
    confirmedAt: at,
    successorOf: null,
  };
};

export const profile = (name: string, subject = 'CN=a'): Profile =>
  profileSchema.parse({
    name,
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: '/keys' },
    request: { subject },
  });

export const enrollment = (
  enrollmentId: string,
  startedAt = at,
  state: EnrollmentRecord['state'] = 'planned',
): EnrollmentRecord => ({
  schemaVersion: 1,
  enrollmentId,
  operation: 'enroll',
  profile: 'p',
  state,
  startedAt,
  server: 'est.example:443',
  certificate: null,
  caCertificates: [],
  keystore: null,
  warnings: [],
  retryAfterSeconds: null,
  error: null,
  steps: [],
  totalMs: 0,
});

/** Changes a database file as a program other than the station would. */
export function alterDatabase(file: string, statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
}
