import type { CommandArgument, CommandOutput } from '../../shared/contract/commands.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { issued, issuing, root } from './certificates.ts';
import type { FakeEnrollments } from './enrollments.ts';
import type { Scenario } from './scenario.ts';
import { fakeModule } from './tokens.ts';

type OpenEnrollment = CommandOutput<'enrollment.list'>[number];

const profile: Profile = profileSchema.parse({
  name: 'Gateways, Plant 4',
  server: {
    endpoint: 'est.plant4.example:8443',
    proxy: { endpoint: 'proxy.plant4.example:3128', username: 'line-2' },
  },
  keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
  httpAuthentication: { scheme: 'basic', username: 'station-07' },
  request: { subject: 'CN=GW-20417,OU=Plant 4 Devices,O=Halden Works' },
});

/** The card the station signs in with. */
const officer = {
  kind: 'pkcs11' as const,
  module: fakeModule,
  token: { serial: '0F417A0000C0FFEE' },
};

const base: EnrollmentRecord = {
  schemaVersion: 1,
  enrollmentId: '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f',
  operation: 'enroll',
  profile: profile.name,
  state: 'pending',
  startedAt: '2026-11-21T09:43:02Z',
  server: 'est.plant4.example:8443',
  certificate: null,
  caCertificates: [],
  keystore: {
    kind: 'pkcs11',
    token: 'GW-20417 (0F417A93C4D20011)',
    alias: 'est-request-key-pair',
    generatedThere: true,
  },
  warnings: [],
  retryAfterSeconds: 600,
  error: new StationError('SERVER-13', { seconds: 600 }).toData(),
  steps: [],
  totalMs: 4120,
};

const longSubject =
  'CN=gateway-controller-0000-20418-revision-b,OU=Manufacturing Devices and Controllers,O=Halden Works International';

/** One of each open state, a finished one, and enough ended ones to scroll. */
function list({ manyTokens }: Scenario): OpenEnrollment[] {
  const soon = new Date(Date.now() + 9 * 60_000).toISOString();
  const of = (id: string, facts: Partial<EnrollmentRecord>): EnrollmentRecord => ({
    ...base,
    enrollmentId: id,
    ...facts,
  });
  const ended = { dueAt: null, automatic: false };
  const certified = { certificate: issued, caCertificates: [root, issuing] };
  return [
    { record: base, profile, dueAt: soon, automatic: true },
    {
      record: of('fake-pending-2', { startedAt: '2026-11-20T15:10:00Z' }),
      profile: {
        ...profile,
        request: { ...profile.request, subject: longSubject },
        ...(manyTokens
          ? { tlsClientAuthentication: { enabled: true, keystore: officer, alias: 'client-auth' } }
          : {}),
      },
      dueAt: '2026-11-20T15:20:00Z',
      automatic: false,
    },
    {
      record: of('fake-lost', {
        state: 'outcome-unknown',
        startedAt: '2026-11-19T07:02:00Z',
        error: new StationError('OUTCOME-01').toData(),
      }),
      profile: { ...profile, server: { ...profile.server, hostnameVerification: false } },
      ...ended,
    },
    {
      record: of('fake-unstored', {
        state: 'issued-not-stored',
        startedAt: '2026-11-18T12:30:00Z',
        ...certified,
        error: new StationError('CERT-07', {
          keystore: 'GW-20417 (0F417A93C4D20011)',
          detail: 'the token was removed',
        }).toData(),
      }),
      profile,
      ...ended,
    },
    ...Array.from({ length: 20 }, (_, place) => ({
      record: of(`fake-ended-${place}`, {
        state: place % 4 === 3 ? ('refused' as const) : ('done' as const),
        startedAt: `2026-11-17T${String(10 + (place % 10)).padStart(2, '0')}:15:00Z`,
        ...(place % 4 === 3
          ? { error: new StationError('SERVER-06', { status: 400, excerpt: '' }).toData() }
          : { ...certified, error: null }),
      }),
      profile,
      ...ended,
    })),
  ];
}

/** What stands open from earlier, and how it is taken up again. */
export function reopening(scenario: Scenario, enrollments: FakeEnrollments) {
  let known = scenario.openEnrollments ? list(scenario) : [];
  const settle = (enrollmentId: string, facts: Partial<EnrollmentRecord>): EnrollmentRecord => {
    const found = known.find(({ record }) => record.enrollmentId === enrollmentId);
    if (!found) throw new StationError('USAGE-01', { detail: `no enrollment ${enrollmentId}` });
    const record = { ...found.record, ...facts };
    known = known.map((one) =>
      one === found ? { ...one, record, dueAt: null, automatic: false } : one,
    );
    return record;
  };
  const takeUp = ({ enrollmentId }: { enrollmentId: string }) => {
    enrollments.resume(enrollmentId, (record) => settle(enrollmentId, record));
    return { enrollmentId };
  };
  return {
    'enrollment.list': () => known,
    'enrollment.resume': takeUp,
    'enrollment.adopt': (input: CommandArgument<'enrollment.adopt'>) => takeUp(input),
    'enrollment.unknown': () => ({
      publicKey: '9a57c1d20e4b7780125f6cc3a1b0e4d96c0d8bb1',
      subject: 'CN=GW-20417,OU=Plant 4 Devices,O=Halden Works',
      submittedAt: '2026-11-19T07:02:31Z',
      request: 'MIIBIjCByAIBADBmMREwDwYDVQQDDAhHVy0yMDQxNzEY',
    }),
    'enrollment.abandon': ({ enrollmentId }: { enrollmentId: string }) =>
      settle(enrollmentId, { state: 'cancelled' }),
    'enrollment.storeAgain': ({ enrollmentId }: { enrollmentId: string }) =>
      settle(enrollmentId, { state: 'done', error: null }),
  };
}
