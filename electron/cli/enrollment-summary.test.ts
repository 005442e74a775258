import { expect, test } from 'vitest';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import { enrollment } from '../../test/store-examples.ts';
import { summaryLines } from './enrollment-summary.ts';

const enrollmentId = '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f';

function record(change: Partial<EnrollmentRecord>): EnrollmentRecord {
  return { ...enrollment(enrollmentId), server: 'est.example:8443', profile: 'Line 3', ...change };
}

test.each<[EnrollmentRecord['state'], string]>([
  ['pending', `resume --enrollment ${enrollmentId} --profile <file>`],
  ['outcome-unknown', `reconcile --enrollment ${enrollmentId}`],
  ['issued-not-stored', `store-again --enrollment ${enrollmentId} --profile <file>`],
])('what is %s names the command that goes on', (state, command) => {
  const lines = summaryLines(record({ state }));
  expect(lines).toContain(`  Next         est-station ${command}`);
  expect(lines).toContain(`  Enrollment   ${enrollmentId}`);
});

test('a certificate whose key is lost can only be revoked', () => {
  const error = new StationError('KEY-04', { keystore: 'GW-1', detail: 'pulled' }).toData();
  const lines = summaryLines(record({ state: 'issued-not-stored', error }));
  expect(lines.at(-1)).toContain(`revocation-file --enrollment ${enrollmentId}`);
});

test.each<EnrollmentRecord['state']>(['refused', 'failed', 'cancelled'])(
  'what is %s is over',
  (state) => {
    expect(summaryLines(record({ state })).join('\n')).not.toContain('Next');
  },
);

test('what was noted is told however it ended', () => {
  const warnings = [notice('KEY-PERHAPS-LOST', { subject: 'CN=GW-1' })];
  const lines = summaryLines(record({ state: 'outcome-unknown', warnings }));
  expect(lines).toContain(`  Note         ${warnings[0]?.text}`);
});
