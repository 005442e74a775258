import { expect, test } from 'vitest';
import { profileSchema } from '../../shared/profile.ts';
import { renewalTime } from './renewal-due.ts';

const certificate = {
  subject: 'CN=GW-1',
  issuer: 'CN=CA',
  serialNumber: '01',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-03-31T12:00:00.000Z',
  fingerprint: 'A'.repeat(64),
  publicKey: 'EC P-256',
  subjectAltNames: [],
  pem: '',
};
const enrolled = { entries: [{ alias: 'est-enrolled-key-pair', key: null, certificate }] };

const profile = (hours: number, wanted = true) =>
  profileSchema.parse({
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: '/keys' },
    request: { subject: 'CN=GW-1' },
    lifecycle: { clientCertificateRenew: wanted, certificateExpirationCheckTimeHours: hours },
  });

test.each([
  ['before its time', 24, '2026-03-30T11:59:59.999Z', false],
  ['from its time on', 24, '2026-03-30T12:00:00.000Z', true],
  ['after its end', 24, '2026-05-01T00:00:00.000Z', true],
  ['when the profile wants more hours than it is good for', 87_600, '2026-01-02T00:00:00Z', true],
])('a certificate is looked at %s', (_, hours, at, due) => {
  const from = new Date(Date.parse(certificate.notAfter) - hours * 3_600_000).toISOString();
  const time = renewalTime(enrolled, profile(hours), new Date(at));
  expect(time).toEqual({ wanted: true, from, due });
});

test('the profile says whether it is wanted', () => {
  const time = renewalTime(enrolled, profile(24, false), new Date('2026-05-01T00:00:00Z'));
  expect(time).toMatchObject({ wanted: false, due: true });
});

test.each([
  ['nothing', []],
  [
    'a key alone',
    [{ ...enrolled.entries[0], alias: 'est-enrolled-key-pair', certificate: null, key: null }],
  ],
  ['another certificate', [{ alias: 'est-cacerts_0', key: null, certificate }]],
])('%s is not renewed', (_, entries) => {
  expect(renewalTime({ entries }, profile(24), new Date())).toBeNull();
});
