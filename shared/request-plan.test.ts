import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyAlgorithms, keyParameterSets, type ProfileInput, profileSchema } from './profile.ts';
import { type PlanQuestion, planRequest, type RequestWishes } from './request-plan.ts';

const nothing: RequestWishes = {
  asksForPop: false,
  key: null,
  signatureName: null,
  template: false,
  subject: null,
  subjectAltNames: null,
  subjectAltNameValue: null,
  extensions: [],
  unknown: [],
};

const keyUsage = { oid: '2.5.29.15', critical: true, value: 'AwIHgA==', text: 'digitalSignature' };

function plan(
  wishes: Partial<RequestWishes>,
  change: Partial<ProfileInput['request']> & Partial<Omit<PlanQuestion, 'request'>> = {},
) {
  const { fill = {}, consent = false, keyFixed = false, namesFixed = false, ...request } = change;
  const profile = profileSchema.parse({
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: 'keys' },
    request: { subject: 'CN=pump 7,O=Works', ...request },
  });
  return planRequest({
    request: profile.request,
    subject: [
      { type: 'O', value: 'Works' },
      { type: 'CN', value: 'pump 7' },
    ],
    wishes: { ...nothing, ...wishes },
    fill,
    consent,
    keyFixed,
    namesFixed,
  });
}

const line = (made: ReturnType<typeof plan>, about: string) =>
  made.lines.find((one) => one.about === about);

describe('the key of the plan', () => {
  const strong = { algorithm: 'EC', parameter: 'secp384r1' } as const;
  const weak = { algorithm: 'RSA', parameter: '2048' } as const;

  test.each<
    [what: string, wish: RequestWishes['key'], change: object, sent: string, verdict: string]
  >([
    ['nothing asked', null, {}, 'EC prime256v1', 'same'],
    ['the same', { algorithm: 'EC', parameter: 'prime256v1' }, {}, 'EC prime256v1', 'same'],
    ['the algorithm alone', { algorithm: 'EC', parameter: '' }, {}, 'EC prime256v1', 'same'],
    ['a stronger one, unattended', strong, {}, 'EC prime256v1', 'kept'],
    ['a stronger one, never', strong, { followServer: 'never' }, 'EC prime256v1', 'kept'],
    ['a stronger one, allowed', strong, { followServer: 'stronger' }, 'EC secp384r1', 'followed'],
    ['a stronger one, agreed', strong, { consent: true }, 'EC secp384r1', 'followed'],
    [
      'a weaker one, allowed only stronger',
      weak,
      { followServer: 'stronger' },
      'EC prime256v1',
      'kept',
    ],
    ['a weaker one, agreed', weak, { consent: true }, 'RSA 2048', 'followed'],
    [
      'one the station cannot make',
      { algorithm: 'EC', parameter: '1.3.132.0.10' },
      { consent: true },
      'EC prime256v1',
      'kept',
    ],
    [
      'a stronger one for a key that is there',
      strong,
      { consent: true, keyFixed: true },
      'EC prime256v1',
      'kept',
    ],
  ])('%s', (_, key, change, sent, verdict) => {
    expect(line(plan({ key }, change), 'key')).toMatchObject({ sent, verdict });
  });

  test('brings a signature that fits it', () => {
    expect(plan({ key: strong }, { consent: true }).request.signatureAlgorithm).toBe(
      'SHA256WITHECDSA',
    );
    expect(plan({ key: weak }, { consent: true }).request.signatureAlgorithm).toBe('SHA256WITHRSA');
    const wishes = { key: strong, signatureName: 'SHA384WITHECDSA' } as const;
    expect(plan(wishes, { followServer: 'stronger' }).request.signatureAlgorithm).toBe(
      'SHA384WITHECDSA',
    );
    expect(line(plan(wishes), 'signature')).toMatchObject({
      sent: 'SHA256WITHECDSA',
      verdict: 'kept',
    });
  });
});

describe('the subject of the plan', () => {
  const open = [[{ type: 'O', value: null }], [{ type: 'CN', value: null }]];
  const fixed = [
    [{ type: 'O', value: 'Works' }],
    [{ type: 'OU', value: 'Line 3' }],
    [{ type: 'CN', value: null }],
  ];

  test.each<
    [what: string, subject: RequestWishes['subject'], change: object, sent: string, verdict: string]
  >([
    ['placeholders are filled from the profile', open, {}, 'CN=pump 7,O=Works', 'same'],
    ['a value of the server is not taken unattended', fixed, {}, 'CN=pump 7,O=Works', 'kept'],
    [
      'a value of the server is taken when agreed',
      fixed,
      { consent: true },
      'CN=pump 7,OU=Line 3,O=Works',
      'followed',
    ],
    ['a given value goes first', open, { fill: { CN: 'a,b' } }, 'CN=a\\,b,O=Works', 'followed'],
    [
      'a present name is not touched',
      fixed,
      { consent: true, namesFixed: true },
      'CN=pump 7,O=Works',
      'same',
    ],
    ['an empty template leaves it to the client', [], {}, 'CN=pump 7,O=Works', 'same'],
  ])('%s', (_, subject, change, sent, verdict) => {
    const made = plan({ subject, template: true }, change);
    expect(line(made, 'subject')).toMatchObject({ sent, verdict });
    expect(made.request.subject).toBe(sent);
    expect(made.missing).toEqual([]);
  });

  test('names a placeholder nobody fills', () => {
    const subject = [[{ type: 'serialNumber', value: null }], [{ type: 'CN', value: null }]];
    expect(plan({ subject }, { consent: true }).missing).toEqual(['serialNumber']);
    expect(plan({ subject }, { fill: { serialNumber: '7' } })).toMatchObject({
      missing: [],
      request: { subject: 'CN=pump 7,serialNumber=7' },
    });
  });
});

test.each<
  [
    what: string,
    wished: string[] | null,
    own: string[],
    change: object,
    sent: string[],
    missing: string[],
  ]
>([
  ['nothing asked', null, ['DNS:a.example'], {}, ['DNS:a.example'], []],
  ['all left to the client', [], ['DNS:a.example'], {}, ['DNS:a.example'], []],
  ['placeholders filled from the profile', ['DNS:'], ['DNS:a.example'], {}, ['DNS:a.example'], []],
  [
    'placeholders filled by hand',
    ['DNS:', 'IP:'],
    ['IP:192.0.2.7'],
    { fill: { DNS: 'b.example' } },
    ['DNS:b.example', 'IP:192.0.2.7'],
    [],
  ],
  ['a fixed name, unattended', ['DNS:c.example'], [], {}, [], []],
  [
    'a fixed name, agreed',
    ['DNS:c.example'],
    ['IP:192.0.2.7'],
    { consent: true },
    ['DNS:c.example', 'IP:192.0.2.7'],
    [],
  ],
  ['a placeholder nobody fills, agreed', ['DNS:'], [], { consent: true }, ['DNS:'], ['DNS']],
  ['a name the station cannot write', ['other:1.3.6.1.5.5.7.8.10'], [], { consent: true }, [], []],
])('alternative names: %s', (_, subjectAltNames, own, change, sent, missing) => {
  const made = plan({ subjectAltNames }, { ...change, subjectAltNames: own });
  expect(made.request.subjectAltNames).toEqual(sent);
  expect(made.missing).toEqual(missing);
});

test('names of other kinds go into the request as the server gave them, when agreed', () => {
  const wishes = { subjectAltNames: ['other:1.3.6.1.5.5.7.8.10'], subjectAltNameValue: 'MAA=' };
  expect(plan(wishes).extensions).toEqual([]);
  expect(plan(wishes, { consent: true })).toMatchObject({
    extensions: [{ oid: '2.5.29.17', value: 'MAA=' }],
    request: { subjectAltNames: [] },
  });
  expect(plan(wishes, { consent: true, subjectAltNames: ['DNS:a.example'] }).extensions).toEqual(
    [],
  );
});

test('an extension with a value goes into the request once, one without does not', () => {
  const bare = { oid: '2.5.29.37', critical: false, value: null, text: '' };
  const made = plan({ extensions: [keyUsage, keyUsage, bare], unknown: ['2.999'] });
  expect(made.extensions).toEqual([keyUsage]);
  expect(made.lines.slice(-2)).toMatchObject([
    { about: 'extension', oid: '2.5.29.37', verdict: 'left-out' },
    { about: 'other', oid: '2.999', verdict: 'left-out' },
  ]);
  expect(plan({ extensions: [keyUsage] }, { followServer: 'never' }).extensions).toEqual([]);
});

test('never is weaker than the profile without consent', () => {
  const bits = {
    '2048': 112,
    '3072': 128,
    '4096': 152,
    prime256v1: 128,
    secp384r1: 192,
    secp521r1: 256,
    ed25519: 128,
  };
  const sets = fc.constantFrom(...keyParameterSets, '512', '');
  fc.assert(
    fc.property(
      fc.constantFrom(...keyAlgorithms),
      sets,
      fc.constantFrom('never' as const, 'stronger' as const, 'ask' as const),
      (algorithm, parameter, followServer) => {
        const made = plan({ key: { algorithm, parameter } }, { followServer });
        expect(bits[made.request.keyParameterSet]).toBeGreaterThanOrEqual(bits.prime256v1);
        expect(profileSchema.shape.request.safeParse(made.request).success).toBe(true);
      },
    ),
  );
});
