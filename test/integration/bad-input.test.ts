import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProfileInput } from '../../shared/profile.ts';
import { type BadInputBench, badInputBench } from '../bad-input-bench.ts';
import { document, runCommand } from '../command-line.ts';
import { observe } from '../conformance/observe.ts';

let bench: BadInputBench;
beforeAll(async () => {
  bench = await badInputBench();
});
afterAll(() => bench.close());

describe('bad input', () => {
  test.each<[string, string[]]>([
    ['no command', []],
    ['an unknown command', ['enrol']],
    ['a missing option', ['enroll']],
    ['an unknown option', ['enroll', '--profil', 'x']],
    ['a bad number', ['practice', '--dir', 'x', '--port', '70000']],
    ['an unknown fault', ['practice', '--dir', 'x', '--fault', 'none-such']],
  ])('usage: %s', async (_name, args) => {
    await bench.expectRefused(args, 'USAGE-01', 2);
  });

  test.each<[string, string, string]>([
    ['is not JSON', 'PROFILE-01', '{'],
    ['lacks what has no default', 'PROFILE-02', '{}'],
    ['is no object', 'PROFILE-02', '[]'],
  ])('a profile that %s', async (_name, code, content) => {
    await bench.expectRefused(['profile-check', await bench.file(content)], code, 3);
  });

  test('a profile that is not there', async () => {
    await bench.expectRefused(
      ['profile-check', join(bench.folder, 'nowhere.json')],
      'PROFILE-01',
      3,
    );
  });

  test('a profile with an unknown key names the nearest', async () => {
    const misspelt = {
      server: { endpoint: 'a:1', lable: 'x' },
      keystore: { kind: 'software', path: 'k' },
      request: { subject: 'CN=a' },
    };
    const printed = await bench.expectRefused(
      ['profile-check', await bench.file(JSON.stringify(misspelt))],
      'PROFILE-03',
      3,
    );
    expect(printed).toMatchObject({
      error: { params: { nearest: expect.stringContaining('label') } },
    });
  });

  test.each<[string, string, Partial<ProfileInput>]>([
    ['is disabled', 'PROFILE-04', { enabled: false }],
    [
      'has a malformed root',
      'PROFILE-06',
      {
        trust: {
          caRootCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
        },
      },
    ],
    [
      'would send a password to an unchecked name',
      'PROFILE-07',
      {
        server: { endpoint: 'a:1', hostnameVerification: false },
        httpAuthentication: { scheme: 'basic' },
      },
    ],
    [
      'combines proof of possession with a TLS key on a token',
      'POP-01',
      {
        proofOfPossession: { enabled: true },
        tlsClientAuthentication: {
          enabled: true,
          keystore: { kind: 'pkcs11', module: 'm', token: { serial: '1' } },
        },
      },
    ],
  ])('a profile that %s', async (_name, code, change) => {
    await bench.expectRefused(['enroll', '--profile', await bench.profile(change)], code, 3);
    if (code === 'POP-01') observe('possession', 'with a TLS key on a token', `refuse ${code}`);
  });

  test('a malformed subject', async () => {
    await bench.expectRefused(
      ['profile-check', await bench.profile({ request: { subject: 'no name' } })],
      'PROFILE-05',
      3,
    );
    await bench.withPractice({}, async (practice) => {
      const wrong = await bench.practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      await bench.expectRefused(
        ['enroll', '--profile', wrong, '--subject', 'no name at all'],
        'PROFILE-05',
        3,
        env,
      );
    });
  });

  test.each<[string, string, () => string | Promise<string>]>([
    ['missing', 'MODULE-01', () => '/nowhere/module.so'],
    ['a text file', 'MODULE-02', () => bench.file('not a library')],
    ['a library that is no PKCS#11 module', 'MODULE-03', () => '/lib/x86_64-linux-gnu/libz.so.1'],
  ])('a module that is %s', async (_name, code, path) => {
    await bench.expectRefused(['tokens', '--module', await path()], code, 4);
  });

  test('a token that is not there', async () => {
    const missing = await bench.profile({
      keystore: {
        kind: 'pkcs11',
        module: bench.softHsm.module,
        token: { serial: 'ffffffffffffffff' },
      },
    });
    await bench.expectRefused(['show', '--profile', missing], 'TOKEN-02', 4);
  });

  test('initialising a token that holds something', async () => {
    const args = [
      'token-init',
      '--module',
      bench.softHsm.module,
      '--serial',
      bench.token.serial,
      '--label',
      'again',
    ];
    await bench.expectRefused(args, 'TOKEN-11', 4, { EST_STATION_SO_PIN: bench.token.soPin });
  });

  test('a missing PIN', async () => {
    const { EST_STATION_PIN: _, ...without } = bench.environment();
    const finished = await runCommand(
      ['enroll', '--profile', await bench.profile(), '--json'],
      without,
    );
    expect(document(finished)).toMatchObject({ state: 'failed', error: { code: 'SECRET-01' } });
    expect(finished.code).toBe(2);
  });

  test('a wrong PIN, then the right one', async () => {
    await bench.withPractice({}, async (practice) => {
      const working = await bench.practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      await bench.expectRefused(['enroll', '--profile', working], 'PIN-01', 5, {
        ...env,
        EST_STATION_PIN: '00000000',
      });
      expect(practice.log).toEqual([]);
      const right = await runCommand(
        ['enroll', '--profile', working, '--json'],
        bench.environment(env),
      );
      expect(right).toMatchObject({ code: 0 });
    });
  });

  test('the journal of an enrollment that never was', async () => {
    const printed = await bench.expectRefused(['journal', '--enrollment', 'none'], 'USAGE-01', 2);
    expect(printed).toMatchObject({
      error: { params: { detail: 'There is no enrollment none.' } },
    });
  });

  test('a data folder that cannot be written', async () => {
    const blocked = join(await bench.file('a file where a folder should be'), 'home');
    await bench.expectRefused(['journal'], 'STORE-01', 1, { EST_STATION_HOME: blocked });
  });
});
