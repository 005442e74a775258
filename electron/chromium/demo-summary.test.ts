import { describe, expect, it } from 'vitest';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { summaryLines } from './demo-summary.ts';

const certificate = {
  subject: 'CN=gateway-0001',
  issuer: 'CN=Issuing CA',
  serialNumber: '0A1B',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  fingerprint: '0123456789ABCDEF'.repeat(4),
  publicKey: 'EC P-256',
  subjectAltNames: [],
  pem: '',
};

const record: EnrollmentRecord = {
  schemaVersion: 1,
  enrollmentId: 'e1',
  operation: 'enroll',
  profile: 'Practice',
  state: 'done',
  startedAt: '2026-01-01T00:00:00Z',
  server: '127.0.0.1:8443',
  certificate,
  caCertificates: [],
  keystore: {
    kind: 'pkcs11',
    token: 'gw (01)',
    alias: 'est-enrolled-key-pair',
    generatedThere: true,
  },
  warnings: [{ code: 'KEY-OTHER', text: 'another key stood there', params: {} }],
  retryAfterSeconds: null,
  error: null,
  steps: [{ name: 'key-made', ms: 120 }],
  totalMs: 1234,
};

function summary(changes: Partial<EnrollmentRecord>): string {
  return summaryLines({
    record: { ...record, ...changes },
    checks: [
      { what: 'path', verdict: 'passed', detail: '' },
      { what: 'key', verdict: 'missing', detail: 'pkcs11-tool is not installed' },
      { what: 'other', verdict: 'failed', detail: 'they differ' },
    ],
    folder: '/out/demo',
    lookCommand: 'pkcs11-tool --list-objects',
  }).join('\n');
}

describe('the summary of a demonstration', () => {
  it.each([
    ['subject', 'subject      CN=gateway-0001'],
    ['issuer', 'issuer       CN=Issuing CA'],
    ['validity', '2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z'],
    ['fingerprint in groups', '0123 4567 89AB CDEF 0123 4567 89AB CDEF\n'],
    [
      'place of the key',
      'on the token gw (01) as est-enrolled-key-pair: made there, cannot leave it',
    ],
    ['time of a step', 'key-made             0.12 s'],
    ['time in all', 'in all               1.23 s'],
    ['check that passed', 'ok           path'],
    ['check that could not be made', 'not checked  key (pkcs11-tool is not installed)'],
    ['check that failed', 'FAILED       other (they differ)'],
    ['warning', 'note: another key stood there'],
    ['folder', 'Everything is in /out/demo'],
    ['way to look', 'pkcs11-tool --list-objects'],
  ])('tells the %s', (_name, text) => {
    expect(summary({})).toContain(text);
  });

  it('does not claim that a key cannot leave when the token does not say so', () => {
    const keystore = { kind: 'pkcs11' as const, token: 't', alias: 'a', generatedThere: null };
    expect(summary({ keystore })).toContain('origin unknown');
  });

  it('says so when nothing was issued', () => {
    expect(summary({ certificate: null })).toContain('No certificate was issued.');
  });
});
