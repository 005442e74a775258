import { describe, expect, test } from 'vitest';
import { requestFeatures } from '../../electron/pki/certified-features.ts';
import type { PracticeOptions } from '../../electron/practice/practice.ts';
import type { EnrollmentOrder } from '../../electron/station/enrollment-order.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { observe } from '../conformance/observe.ts';
import { codes, RequestBench, verdictOf } from '../request-bench.ts';

describe('the CSR attributes', () => {
  interface Expectation {
    readonly state?: string;
    readonly code?: string;
    readonly warnings?: readonly string[];
    readonly subject?: string;
    readonly key?: string;
    readonly names?: readonly string[];
    readonly keyUsage?: readonly string[] | null;
  }
  const names = ['DNS:gw.example'];

  test.each<
    [
      shape: PracticeOptions['csrattrs'],
      what: string,
      request: Partial<ProfileInput['request']>,
      answers: EnrollmentOrder['answers'],
      expected: Expectation,
    ]
  >([
    [null, '204', {}, {}, {}],
    ['absent', '404', {}, {}, {}],
    ['empty', 'nothing asked', {}, {}, {}],
    ['oids', 'identifiers alone', {}, {}, {}],
    ['legacy', 'a stronger key, unattended', {}, {}, { warnings: ['KEY-OTHER', 'WISH-SIGNATURE'] }],
    [
      'legacy',
      'a stronger key, allowed',
      { followServer: 'stronger' },
      {},
      { warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED'], key: 'EC P-384' },
    ],
    [
      'legacy',
      'a stronger key, agreed',
      {},
      { followServer: true },
      { warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED'], key: 'EC P-384' },
    ],
    [
      'extension-oids',
      'extensions without a value',
      {},
      {},
      { warnings: ['WISH-EXTENSION', 'WISH-EXTENSION'] },
    ],
    [
      'extension-value',
      'extensions with a value',
      {},
      {},
      { warnings: ['ISSUED-KEY-USAGE'], keyUsage: ['digitalSignature', 'nonRepudiation'] },
    ],
    [
      'extension-value',
      'extensions, never followed',
      { followServer: 'never' },
      {},
      { warnings: ['WISH-EXTENSION', 'WISH-EXTENSION'], keyUsage: null },
    ],
    [
      'template',
      'filled from the profile',
      { subjectAltNames: names },
      {},
      { warnings: ['KEY-OTHER'], names, keyUsage: ['digitalSignature'] },
    ],
    [
      'template',
      'filled by hand',
      {},
      { fill: { DNS: 'hand.example', CN: 'GW-2' } },
      {
        warnings: ['WISH-FOLLOWED', 'WISH-FOLLOWED', 'KEY-OTHER'],
        names: ['DNS:hand.example'],
        subject: 'CN=GW-2,O=EST Practice',
        keyUsage: ['digitalSignature'],
      },
    ],
    [
      'template',
      'agreed, with a name nobody filled in',
      {},
      { followServer: true },
      { state: 'failed', code: 'PROFILE-10' },
    ],
    [
      'both',
      'the template alone counts',
      { subjectAltNames: names },
      { followServer: true },
      { warnings: ['WISH-FOLLOWED'], names, key: 'EC P-384', keyUsage: ['digitalSignature'] },
    ],
    ['unknown', 'unknown attributes', {}, {}, {}],
    ['long', 'very many', {}, {}, {}],
    ['malformed', 'cut short', {}, {}, { state: 'refused', code: 'SERVER-09' }],
  ])('%s (%s)', async (shape, what, request, answers, expected) => {
    const bench = await RequestBench.open({ csrattrs: shape });
    const record = await bench.run({
      profile: bench.profile({}, request),
      operation: 'enroll',
      ...(answers === undefined ? {} : { answers }),
    });
    const { state = 'done', code = null, warnings = [] } = expected;
    expect({ state: record.state, code: record.error?.code ?? null }).toEqual({ state, code });
    expect(codes(record)).toEqual(warnings);
    observe('csrattrs', `${shape ?? 'none'}: ${what}`, verdictOf(record));
    if (state !== 'done') {
      expect(record.steps.map(({ name }) => name)).not.toContain('key-made');
      return;
    }
    const features = requestFeatures(await bench.sent(record));
    expect(features).toMatchObject({
      subject: expected.subject ?? 'CN=GW-1,O=EST Practice',
      subjectAltNames: expected.names ?? [],
      keyUsage: expected.keyUsage ?? null,
    });
    expect(record.certificate?.publicKey).toBe(expected.key ?? 'EC P-256');
  });

  test.each<PracticeOptions['csrattrs']>([null, 'oids', 'template', 'both'])(
    'that ask for proof of possession (%s) stop a profile without it',
    async (csrattrs) => {
      const bench = await RequestBench.open({ requirePop: true, csrattrs });
      const plain = bench.profile({}, { subjectAltNames: names });
      const stopped = await bench.run({ profile: plain, operation: 'enroll' });
      expect(stopped).toMatchObject({ state: 'failed', error: { code: 'POP-05' } });
      observe('possession', 'the server demands it and the profile has it off', verdictOf(stopped));
      const bound = bench.profile(
        { proofOfPossession: { enabled: true } },
        { subjectAltNames: names },
      );
      expect(await bench.run({ profile: bound, operation: 'enroll' })).toMatchObject({
        state: 'done',
      });
    },
  );
});
