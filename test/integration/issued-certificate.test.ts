import { describe, expect, test } from 'vitest';
import type { PracticeOptions } from '../../electron/practice/practice.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { observe } from '../conformance/observe.ts';
import { codes, enrolled, RequestBench, verdictOf } from '../request-bench.ts';

describe('the issued certificate in the answer', () => {
  test.each<
    [
      fault: PracticeOptions['faults'][number],
      state: string,
      code: string | null,
      warnings: string[],
    ]
  >([
    ['certificate-first', 'done', null, []],
    ['certificate-middle', 'done', null, []],
    ['certificate-last', 'done', null, []],
    ['two-certificates', 'done', null, ['ISSUED-SURPLUS']],
    ['certificate-for-another-key', 'refused', 'CERT-01', []],
    ['no-certificate', 'refused', 'CERT-01', []],
  ])('%s: %s %s', async (fault, state, code, warnings) => {
    const bench = await RequestBench.open({ faults: [fault] });
    const record = await bench.run({ profile: bench.profile(), operation: 'enroll' });
    expect({ state: record.state, code: record.error?.code ?? null }).toEqual({ state, code });
    expect(codes(record)).toEqual(warnings);
    observe('issued', fault, verdictOf(record));
  });
});

describe('an issued certificate that differs from the request', () => {
  type Issued = ProfileInput['issued'];
  test.each<
    [
      what: string,
      practice: Partial<PracticeOptions>,
      request: Partial<ProfileInput['request']>,
      issued: Issued,
      warnings: string[],
    ]
  >([
    ['subject', { mode: 'client' }, {}, { subject: 'refuse' }, ['ISSUED-SUBJECT']],
    ['generated name', { mode: 'ra' }, {}, { subject: 'refuse' }, ['ISSUED-SUBJECT']],
    [
      'alternative names',
      { mode: 'client' },
      { subjectAltNames: ['DNS:gw.example'] },
      { subject: 'accept', subjectAltNames: 'refuse' },
      ['ISSUED-NAMES'],
    ],
    [
      'key usage',
      { csrattrs: 'extension-value' },
      {},
      { keyUsage: 'refuse' },
      ['ISSUED-KEY-USAGE'],
    ],
    ['too long', {}, {}, { maxValidityDays: 30, validity: 'refuse' }, ['ISSUED-VALIDITY']],
    ['too short', {}, {}, { minValidityDays: 1000, validity: 'refuse' }, ['ISSUED-VALIDITY']],
  ])(
    'in %s is told, refused or accepted as the profile says',
    async (what, practice, request, issued, warnings) => {
      const bench = await RequestBench.open(practice);
      const refused = await bench.run({
        profile: bench.profile({ issued }, request),
        operation: 'enroll',
      });
      expect(refused).toMatchObject({
        state: 'refused',
        error: { code: 'CERT-10' },
        certificate: { pem: expect.stringContaining('BEGIN CERTIFICATE') },
      });
      expect(codes(refused)).toEqual(warnings);
      observe('difference', `${what}, outside the policy`, verdictOf(refused));
      const { entries } = await bench.station.show(bench.profile());
      expect(entries.filter(({ alias }) => alias === enrolled)).toEqual([]);
      const audit = await bench.station.ports.store.audit.read({ limit: 100 });
      expect(audit.map(({ what }) => what)).toEqual([
        'trust.confirmed',
        'certificate.issued',
        'enrollment.refused',
      ]);

      const judged = (word: 'warn' | 'accept') =>
        bench.profile(
          {
            issued: Object.fromEntries(
              Object.entries(issued ?? {}).map(([name, value]) => [
                name,
                value === 'refuse' ? word : value,
              ]),
            ),
          },
          request,
        );
      const warned = await bench.run({ profile: judged('warn'), operation: 'enroll' });
      expect({ state: warned.state, codes: codes(warned) }).toEqual({
        state: 'done',
        codes: warnings,
      });
      observe('difference', `${what}, told`, verdictOf(warned));
      const accepted = await bench.run({ profile: judged('accept'), operation: 'enroll' });
      expect({ state: accepted.state, codes: codes(accepted) }).toEqual({
        state: 'done',
        codes: [],
      });
      observe('difference', `${what}, not minded`, verdictOf(accepted));
    },
  );
});
