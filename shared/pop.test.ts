import { describe, expect, test } from 'vitest';
import { connectionFinding, type PopQuestion, popVerdict } from './pop.ts';

const plain: PopQuestion = {
  popEnabled: true,
  channelBinding: 'tls-unique',
  tlsClientKey: 'none',
  tokenChannelBinding: false,
  httpScheme: 'basic',
  requireExtendedMasterSecret: false,
};
const tokenOnly = { tlsClientKey: 'pkcs11', httpScheme: 'none' } as const;

describe('the proof-of-possession policy', () => {
  test.each<
    [string, Partial<PopQuestion>, boolean, 'TLSv1.2' | 'TLSv1.3', string | null, string[]]
  >([
    ['off: nothing is bound, TLS 1.3 stays', { popEnabled: false }, true, 'TLSv1.3', null, []],
    [
      'off although the server asks: blocked',
      { popEnabled: false, serverAsksForPop: true },
      false,
      'TLSv1.3',
      null,
      ['POP-05'],
    ],
    [
      'off, the server does not ask',
      { popEnabled: false, serverAsksForPop: false },
      true,
      'TLSv1.3',
      null,
      [],
    ],
    ['tls-unique turns TLS 1.3 off', {}, true, 'TLSv1.2', 'tls-unique', ['POP-03']],
    [
      'tls-unique with a software TLS key',
      { tlsClientKey: 'software' },
      true,
      'TLSv1.2',
      'tls-unique',
      ['POP-03'],
    ],
    [
      'a PKCS#11 TLS key is blocked',
      tokenOnly,
      false,
      'TLSv1.2',
      'tls-unique',
      ['POP-01', 'POP-03'],
    ],
    [
      'a PKCS#11 TLS key with the profile’s consent',
      { ...tokenOnly, tokenChannelBinding: true },
      true,
      'TLSv1.2',
      'tls-unique',
      ['POP-02', 'POP-03'],
    ],
    [
      'tls-exporter keeps TLS 1.3 and says that no RFC stands behind it',
      { channelBinding: 'tls-exporter' },
      true,
      'TLSv1.3',
      'tls-exporter',
      ['POP-04'],
    ],
    [
      'tls-exporter does not lift the restriction',
      { ...tokenOnly, channelBinding: 'tls-exporter' },
      false,
      'TLSv1.3',
      'tls-exporter',
      ['POP-01', 'POP-04'],
    ],
    [
      'a PKCS#11 TLS key without proof is all right',
      { ...tokenOnly, popEnabled: false },
      true,
      'TLSv1.3',
      null,
      [],
    ],
    [
      'a PKCS#11 TLS key beside a password may have to sign twice',
      { popEnabled: false, tlsClientKey: 'pkcs11' },
      true,
      'TLSv1.3',
      null,
      ['POP-09'],
    ],
    [
      'the consent to token binding changes nothing for other keys',
      { tokenChannelBinding: true, tlsClientKey: 'software' },
      true,
      'TLSv1.2',
      'tls-unique',
      ['POP-03'],
    ],
  ])('%s', (_name, change, allowed, maxTls, binding, codes) => {
    const verdict = popVerdict({ ...plain, ...change });
    expect(verdict).toMatchObject({ allowed, maxTls, minTls: 'TLSv1.2', binding });
    expect(verdict.findings.map(({ code }) => code)).toEqual(codes);
  });

  test('every block names at least one way out and its clause', () => {
    const questions = [true, false].flatMap((popEnabled) =>
      (['none', 'software', 'pkcs11'] as const).map((tlsClientKey) => ({
        ...plain,
        popEnabled,
        tlsClientKey,
        serverAsksForPop: true,
      })),
    );
    const blocks = questions
      .flatMap((question) => popVerdict(question).findings)
      .filter(({ severity }) => severity === 'block');
    expect(blocks.length).toBeGreaterThan(0);
    for (const { waysOut, clause } of blocks) {
      expect(waysOut.length).toBeGreaterThan(0);
      expect(clause).toMatch(/^RFC \d+ §/);
    }
  });
});

describe('a connection to bind a request to', () => {
  const over = (extendedMasterSecret: boolean | null) =>
    ({ protocol: 'TLSv1.2', extendedMasterSecret }) as const;

  test.each<[string, Partial<PopQuestion>, Parameters<typeof connectionFinding>[1], string | null]>(
    [
      ['with the extended master secret is all right', {}, over(true), null],
      ['without it is told', {}, over(false), 'warning'],
      ['that keeps silent about it is not blamed', {}, over(null), null],
      [
        'without it is refused where the profile wants it',
        { requireExtendedMasterSecret: true },
        over(false),
        'block',
      ],
      [
        'that keeps silent is refused where the profile wants it',
        { requireExtendedMasterSecret: true },
        over(null),
        'block',
      ],
      ['without it has no exporter', { channelBinding: 'tls-exporter' }, over(false), 'block'],
      [
        'over TLS 1.3 always has it',
        { channelBinding: 'tls-exporter', requireExtendedMasterSecret: true },
        { protocol: 'TLSv1.3', extendedMasterSecret: null },
        null,
      ],
      ['is not judged where nothing is bound', { popEnabled: false }, over(false), null],
    ],
  )('%s', (_name, change, connection, severity) => {
    const finding = connectionFinding({ ...plain, ...change }, connection);
    expect(finding?.severity ?? null).toBe(severity);
    expect(finding?.code ?? null).toBe(severity === null ? null : 'POP-08');
  });
});
