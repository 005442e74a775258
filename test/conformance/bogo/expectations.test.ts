import { describe, expect, test } from 'vitest';
import { type Expectations, nowPassing, problemsOf, readExpectations } from './expectations.ts';
import { unimplemented } from './features.ts';
import { parseFlags } from './flags.ts';
import { readResults, type Shortfall } from './results.ts';

const expected: Expectations = {
  sources: 'any',
  passed: 2,
  unimplemented: 1,
  features: {},
  notPassed: [{ reason: 'Not offered, on purpose.', kind: 'refused', cases: ['Old'] }],
};
const asExpected = {
  passed: ['One', 'Two'],
  unimplemented: ['Server'],
  failed: new Map([['Old', { kind: 'refused' as Shortfall, words: '' }]]),
};

describe('a BoGo run', () => {
  test('as listed has no problem', () => {
    expect(problemsOf(asExpected, expected)).toEqual([]);
  });

  test.each<[string, Partial<typeof asExpected>, RegExp]>([
    ['that passes fewer cases', { passed: ['One'] }, /at least 2/],
    ['that leaves out more', { unimplemented: ['Server', 'New'] }, /at most 1/],
    [
      'with an unlisted failure',
      { failed: new Map([['New', { kind: 'refused', words: '' }]]) },
      /New: not passed/,
    ],
    [
      'with another kind of failure',
      { failed: new Map([['Old', { kind: 'accepted', words: '' }]]) },
      /listed as refused/,
    ],
    [
      'with a defect of the shim',
      { failed: new Map([['Old', { kind: 'defect', words: '' }]]) },
      /ended as defect/,
    ],
  ])('%s is a regression', (_, change, problem) => {
    expect(problemsOf({ ...asExpected, ...change }, expected)).toEqual([
      expect.stringMatching(problem),
    ]);
  });

  test.each([
    'SkipCertificateVerify-TLS13',
    'CertificateVerificationFail-Client-TLS13-TLS-Sync',
    'Client-VerifyDefault-RSA_PKCS1_SHA1-TLS12',
    'BadFinished-Client-TLS12',
  ])('that accepts a server without proof (%s) is a regression, whatever the list says', (name) => {
    const lax = {
      ...expected,
      notPassed: [{ reason: 'x'.repeat(20), kind: 'accepted' as const, cases: [name] }],
    };
    const failed = new Map([[name, { kind: 'accepted' as const, words: '' }]]);
    expect(problemsOf({ ...asExpected, failed }, lax)).toEqual([
      expect.stringMatching(/without proof/),
    ]);
  });

  test('tells which listed cases pass by now', () => {
    expect(nowPassing({ ...asExpected, passed: ['One', 'Two', 'Old'] }, expected)).toEqual(['Old']);
  });
});

describe('the list of what is not passed', () => {
  test('holds no case in which a server is accepted without proof', () => {
    const list = readExpectations();
    const listed = list.notPassed.flatMap(({ kind, cases }) =>
      cases.map((name) => [name, { kind, words: '' }] as const),
    );
    const passed = Array.from({ length: list.passed }, () => 'any');
    expect(problemsOf({ passed, unimplemented: [], failed: new Map(listed) }, list)).toEqual([]);
  });

  test('names each case once, and none twice', () => {
    const names = readExpectations().notPassed.flatMap(({ cases }) => cases);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the runner’s report', () => {
  test('is read by case, with the runner’s words on each failure', () => {
    const tests = {
      A: { actual: 'PASS' },
      B: { actual: 'FAIL' },
      C: { actual: 'FAIL' },
      D: { actual: 'SKIP' },
    };
    const output =
      'PASSED (A)\nFAILED (B)\nunexpected success: local error\n\nUNIMPLEMENTED (D)\nFAILED (C)\nbad error (wanted)\n';
    const results = readResults(JSON.stringify({ interrupted: false, tests }), output);
    expect(results.passed).toEqual(['A']);
    expect(results.unimplemented).toEqual(['D']);
    expect([...results.failed].map(([name, { kind }]) => [name, kind])).toEqual([
      ['B', 'accepted'],
      ['C', 'other-error'],
    ]);
  });

  test('of an interrupted run is refused', () => {
    expect(() => readResults('{"interrupted":true,"tests":{}}', '')).toThrow('interrupted');
  });
});

describe('the shim’s flags', () => {
  test('are read by kind', () => {
    const flags = parseFlags([
      '-port',
      '7',
      '-async',
      '-curves',
      '23',
      '-curves',
      '24',
      '-host-name',
      'a',
    ]);
    expect(flags.number('-port')).toBe(7);
    expect(flags.has('-async')).toBe(true);
    expect(flags.list('-curves')).toEqual([23, 24]);
    expect(flags.text('-host-name')).toBe('a');
    expect(flags.text('-key-file')).toBeNull();
  });

  test.each([[['-no-such', '1']], [['-port']]])('refuse %j', (args) => {
    expect(() => parseFlags(args)).toThrow(/-no-such|-port/);
  });

  test.each(Object.values(unimplemented).flat())(
    'do not know %s, which asks for a feature left out',
    (flag) => {
      expect(() => parseFlags([flag, '1'])).toThrow('unknown flag');
    },
  );
});
