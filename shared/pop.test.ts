import { describe, expect, test } from 'vitest';
import { type PopQuestion, popVerdict } from './pop.ts';

const plain: PopQuestion = {
  popEnabled: true,
  channelBinding: 'tls-unique',
  tlsClientKey: 'none',
  tokenChannelBinding: false,
  httpScheme: 'basic',
};

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
      { tlsClientKey: 'pkcs11' },
      false,
      'TLSv1.2',
      'tls-unique',
      ['POP-01', 'POP-03'],
    ],
    [
      'a PKCS#11 TLS key with the profile’s consent',
      { tlsClientKey: 'pkcs11', tokenChannelBinding: true },
      false,
      'TLSv1.2',
      'tls-unique',
      ['POP-02', 'POP-07', 'POP-03'],
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
      { channelBinding: 'tls-exporter', tlsClientKey: 'pkcs11' },
      false,
      'TLSv1.3',
      'tls-exporter',
      ['POP-01', 'POP-04'],
    ],
    [
      'a PKCS#11 TLS key is not offered without proof either',
      { popEnabled: false, tlsClientKey: 'pkcs11' },
      false,
      'TLSv1.3',
      null,
      ['POP-07'],
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
