import { describe, expect, test } from 'vitest';
import { type CertifiedFeatures, issuedDifferences } from './issued-policy.ts';
import { profileSchema } from './profile.ts';

const plain: CertifiedFeatures = {
  subject: 'CN=a',
  comparableSubject: 'cn a',
  subjectAltNames: [],
  keyUsage: null,
  extendedKeyUsage: null,
  extensions: [],
};
const validity = {
  notBefore: new Date('2030-01-01T00:00:00Z'),
  notAfter: new Date('2031-01-01T00:00:00Z'),
};
const now = new Date('2030-02-01T00:00:00Z');

function policy(issued: Record<string, unknown> = {}) {
  return profileSchema.parse({
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: 'keys' },
    request: { subject: 'CN=a' },
    issued,
  }).issued;
}

function found(
  asked: Partial<CertifiedFeatures>,
  issued: Partial<CertifiedFeatures>,
  section: Record<string, unknown> = {},
): string[] {
  return issuedDifferences(
    { ...plain, ...asked },
    { ...plain, ...issued, ...validity },
    policy(section),
    now,
  ).map(({ code }) => code);
}

describe('the differences of an issued certificate', () => {
  const names = ['DNS:a.example', 'IP:192.0.2.7'];
  const policies = { oid: '2.5.29.32', value: '3000' };

  test.each<
    [
      what: string,
      asked: Partial<CertifiedFeatures>,
      issued: Partial<CertifiedFeatures>,
      codes: string[],
    ]
  >([
    ['nothing differs', {}, {}, []],
    ['another subject', {}, { comparableSubject: 'cn b' }, ['ISSUED-SUBJECT']],
    ['another spelling of the subject', {}, { subject: 'CN=A' }, []],
    [
      'names in another order and case',
      { subjectAltNames: names },
      { subjectAltNames: ['IP:192.0.2.7', 'DNS:A.example'] },
      [],
    ],
    [
      'a name left out',
      { subjectAltNames: names },
      { subjectAltNames: ['IP:192.0.2.7'] },
      ['ISSUED-NAMES'],
    ],
    ['a name added', {}, { subjectAltNames: names }, ['ISSUED-NAMES']],
    [
      'the key usage asked for',
      { keyUsage: ['digitalSignature'] },
      { keyUsage: ['digitalSignature'] },
      [],
    ],
    [
      'more key usage than asked for',
      { keyUsage: ['digitalSignature'] },
      { keyUsage: ['digitalSignature', 'keyAgreement'] },
      ['ISSUED-KEY-USAGE'],
    ],
    [
      'no key usage although asked for',
      { keyUsage: ['digitalSignature'] },
      {},
      ['ISSUED-KEY-USAGE'],
    ],
    ['a key that may not sign', {}, { keyUsage: ['keyEncipherment'] }, ['ISSUED-KEY-USAGE']],
    ['a key that may sign', {}, { keyUsage: ['digitalSignature', 'keyEncipherment'] }, []],
    [
      'a purpose left out',
      { extendedKeyUsage: ['1.2.3'] },
      { extendedKeyUsage: ['1.2.4'] },
      ['ISSUED-PURPOSES'],
    ],
    ['every purpose', { extendedKeyUsage: ['1.2.3'] }, { extendedKeyUsage: ['2.5.29.37.0'] }, []],
    ['no limit of purposes', { extendedKeyUsage: ['1.2.3'] }, {}, []],
    ['an extension left out', { extensions: [policies] }, {}, ['ISSUED-EXTENSION']],
    [
      'an extension with another value',
      { extensions: [policies] },
      { extensions: [{ ...policies, value: '3001' }] },
      ['ISSUED-EXTENSION'],
    ],
    ['an extension nobody asked for', {}, { extensions: [policies] }, []],
  ])('%s', (_, asked, issued, codes) => {
    expect(found(asked, issued)).toEqual(codes);
  });

  test.each<[section: Record<string, unknown>, codes: string[]]>([
    [{ maxValidityDays: 365 }, []],
    [{ maxValidityDays: 364 }, ['ISSUED-VALIDITY']],
    [{ minValidityDays: 334 }, []],
    [{ minValidityDays: 335 }, ['ISSUED-VALIDITY']],
    [{ maxValidityDays: 1, validity: 'accept' }, []],
  ])('validity within %j', (section, codes) => {
    expect(found({}, {}, section)).toEqual(codes);
  });

  test('carry the judgement of the profile', () => {
    const differences = issuedDifferences(
      plain,
      { ...plain, comparableSubject: 'cn b', subjectAltNames: names, ...validity },
      policy({ subject: 'refuse', subjectAltNames: 'accept' }),
      now,
    );
    expect(differences).toMatchObject([{ code: 'ISSUED-SUBJECT', judgement: 'refuse' }]);
  });
});
