import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  PracticeFault,
  PracticeOptions,
  PracticeServer,
} from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { document, runCommand, startCommand } from '../command-line.ts';
import { observe } from '../conformance/observe.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

/** Every refusal of the command line: its code, its exit code, an intact journal, and a next run that works. */
describe('bad input', () => {
  let folder: string;
  let softHsm: SoftHsm;
  let token: SoftHsmToken;
  let files = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-bad-'));
    softHsm = await makeSoftHsm();
    token = await softHsm.makeToken();
  });

  afterAll(async () => {
    await softHsm.cleanup();
    await rm(folder, { recursive: true });
  });

  const environment = (change: Record<string, string> = {}) => ({
    ...softHsm.env,
    EST_STATION_HOME: join(folder, 'home'),
    EST_STATION_PIN: token.pin,
    EST_STATION_PASSWORD: 'not given to anyone',
    ...change,
  });

  async function file(content: string): Promise<string> {
    files += 1;
    const path = join(folder, `input-${files}`);
    await writeFile(path, content);
    return path;
  }

  /** A profile for this test's token, with changes. */
  async function profile(change: Partial<ProfileInput> = {}): Promise<string> {
    const input: ProfileInput = {
      server: { endpoint: '127.0.0.1:9' },
      trust: { caRootFingerprint: 'AB'.repeat(32) },
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } },
      request: { subject: 'CN=bad input' },
      ...change,
    };
    return await file(JSON.stringify(input));
  }

  async function expectRefused(
    args: readonly string[],
    code: string,
    exitCode: number,
    change: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const finished = await runCommand([...args, '--json'], environment(change));
    const printed = document(finished);
    expect(printed).toMatchObject({ error: { code } });
    expect(finished.code).toBe(exitCode);
    expect(finished.stderr).toContain(code);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
    expect(JSON.stringify(finished)).not.toContain(token.pin);
    return printed;
  }

  async function expectAuditIntact(): Promise<void> {
    const audit = await runCommand(['audit-verify', '--json'], environment());
    expect(document(audit)).toMatchObject({ intact: true });
  }

  async function withPractice(
    options: Partial<PracticeOptions>,
    work: (practice: PracticeServer) => Promise<void>,
  ): Promise<void> {
    const practice = await startPractice({ dir: join(folder, 'practice'), ...options });
    try {
      await work(practice);
    } finally {
      await practice.close();
    }
  }

  /** A profile that works at this practice server. */
  async function practiceProfile(
    { facts }: PracticeServer,
    change: Partial<ProfileInput> = {},
  ): Promise<string> {
    return await profile({
      server: { endpoint: facts.endpoint },
      trust: { caRootFingerprint: facts.caFingerprint },
      httpAuthentication: { scheme: 'basic', username: facts.username },
      ...change,
    });
  }

  test.each<[string, string[]]>([
    ['no command', []],
    ['an unknown command', ['enrol']],
    ['a missing option', ['enroll']],
    ['an unknown option', ['enroll', '--profil', 'x']],
    ['a bad number', ['practice', '--dir', 'x', '--port', '70000']],
    ['an unknown fault', ['practice', '--dir', 'x', '--fault', 'none-such']],
  ])('usage: %s', async (_name, args) => {
    await expectRefused(args, 'USAGE-01', 2);
  });

  test.each<[string, string, string]>([
    ['is not JSON', 'PROFILE-01', '{'],
    ['lacks what has no default', 'PROFILE-02', '{}'],
    ['is no object', 'PROFILE-02', '[]'],
  ])('a profile that %s', async (_name, code, content) => {
    await expectRefused(['profile-check', await file(content)], code, 3);
  });

  test('a profile that is not there', async () => {
    await expectRefused(['profile-check', join(folder, 'nowhere.json')], 'PROFILE-01', 3);
  });

  test('a profile with an unknown key names the nearest', async () => {
    const misspelt = {
      server: { endpoint: 'a:1', lable: 'x' },
      keystore: { kind: 'software', path: 'k' },
      request: { subject: 'CN=a' },
    };
    const printed = await expectRefused(
      ['profile-check', await file(JSON.stringify(misspelt))],
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
    await expectRefused(['enroll', '--profile', await profile(change)], code, 3);
    if (code === 'POP-01') observe('possession', 'with a TLS key on a token', `refuse ${code}`);
  });

  test('a malformed subject', async () => {
    await expectRefused(
      ['profile-check', await profile({ request: { subject: 'no name' } })],
      'PROFILE-05',
      3,
    );
    await withPractice({}, async (practice) => {
      const wrong = await practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      await expectRefused(
        ['enroll', '--profile', wrong, '--subject', 'no name at all'],
        'PROFILE-05',
        3,
        env,
      );
    });
  });

  test.each<[string, string, () => string | Promise<string>]>([
    ['missing', 'MODULE-01', () => '/nowhere/module.so'],
    ['a text file', 'MODULE-02', () => file('not a library')],
    ['a library that is no PKCS#11 module', 'MODULE-03', () => '/lib/x86_64-linux-gnu/libz.so.1'],
  ])('a module that is %s', async (_name, code, path) => {
    await expectRefused(['tokens', '--module', await path()], code, 4);
  });

  test('a token that is not there', async () => {
    const missing = await profile({
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial: 'ffffffffffffffff' } },
    });
    await expectRefused(['show', '--profile', missing], 'TOKEN-02', 4);
  });

  test('initialising a token that holds something', async () => {
    const args = [
      'token-init',
      '--module',
      softHsm.module,
      '--serial',
      token.serial,
      '--label',
      'again',
    ];
    await expectRefused(args, 'TOKEN-11', 4, { EST_STATION_SO_PIN: token.soPin });
  });

  test('a missing PIN', async () => {
    const { EST_STATION_PIN: _, ...without } = environment();
    const finished = await runCommand(['enroll', '--profile', await profile(), '--json'], without);
    expect(document(finished)).toMatchObject({ state: 'failed', error: { code: 'SECRET-01' } });
    expect(finished.code).toBe(2);
  });

  test('a wrong PIN, then the right one', async () => {
    await withPractice({}, async (practice) => {
      const working = await practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      await expectRefused(['enroll', '--profile', working], 'PIN-01', 5, {
        ...env,
        EST_STATION_PIN: '00000000',
      });
      expect(practice.log).toEqual([]);
      const right = await runCommand(['enroll', '--profile', working, '--json'], environment(env));
      expect(right).toMatchObject({ code: 0 });
    });
  });

  test('a server that is down', async () => {
    const port = await freePort();
    await expectRefused(
      ['enroll', '--profile', await profile({ server: { endpoint: `127.0.0.1:${port}` } })],
      'NET-01',
      6,
    );
  });

  test('a wrong password', async () => {
    await withPractice({}, async (practice) => {
      await expectRefused(['enroll', '--profile', await practiceProfile(practice)], 'SERVER-03', 8);
    });
  });

  test.each<[PracticeFault, string, number, string]>([
    ['plain-http', 'NET-05', 6, 'failed'],
    ['unknown-ca', 'TRUST-06', 7, 'failed'],
    ['wrong-name', 'TRUST-03', 7, 'failed'],
    ['garbage-cacerts', 'SERVER-09', 8, 'refused'],
    ['garbage-enroll', 'SERVER-09', 8, 'refused'],
    ['oversized-body', 'SERVER-10', 8, 'refused'],
    ['html-error', 'SERVER-07', 8, 'refused'],
    ['certificate-for-another-key', 'CERT-01', 8, 'refused'],
    ['close-after-post', 'NET-04', 6, 'outcome-unknown'],
  ])('a server with the fault %s, then without', async (fault, code, exitCode, state) => {
    await withPractice({ faults: [fault] }, async (practice) => {
      const working = await practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const record = await expectRefused(['enroll', '--profile', working], code, exitCode, env);
      expect(record).toMatchObject({ state });
      if (fault === 'close-after-post') {
        observe('network', 'an answer lost after the request', `refuse ${code}`);
      }
    });
    await withPractice({}, async (practice) => {
      const env = environment({ EST_STATION_PASSWORD: practice.facts.password });
      const next = await runCommand(
        ['enroll', '--profile', await practiceProfile(practice), '--json'],
        env,
      );
      expect(document(next)).toMatchObject({ state: 'done' });
    });
    await expectAuditIntact();
  });

  test('a server that never answers the request ends at the deadline with an unknown outcome', async () => {
    await withPractice({ faults: ['hang-after-post'] }, async (practice) => {
      const hasty = await practiceProfile(practice, { limits: { exchangeMs: 1500 } });
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const record = await expectRefused(['enroll', '--profile', hasty], 'NET-06', 6, env);
      expect(record).toMatchObject({ state: 'outcome-unknown' });
    });
  });

  test('Ctrl-C while waiting for the answer', async () => {
    await withPractice({ faults: ['hang-after-post'] }, async (practice) => {
      const env = environment({ EST_STATION_PASSWORD: practice.facts.password });
      const child = startCommand(
        ['enroll', '--profile', await practiceProfile(practice), '--json'],
        env,
      );
      let printed = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      await expect
        .poll(() => practice.log.some(({ status }) => status === 0), { timeout: 20_000 })
        .toBe(true);
      const exit = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      expect(await exit).toBe(130);
      expect(JSON.parse(printed)).toMatchObject({
        state: 'outcome-unknown',
        error: { code: 'CANCEL-01' },
      });
    });
    await expectAuditIntact();
  });

  test('a server that asks to come back, and then issues for the same key', async () => {
    await withPractice({ pendingSeconds: 7 }, async (practice) => {
      const args = ['enroll', '--profile', await practiceProfile(practice)];
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const waiting = await expectRefused(args, 'SERVER-13', 9, env);
      expect(waiting).toMatchObject({ state: 'pending', retryAfterSeconds: 7 });
      const issued = await runCommand([...args, '--json'], environment(env));
      expect(document(issued)).toMatchObject({ state: 'done' });
    });
  });

  test('a server that demands proof of possession, without and with it', async () => {
    await withPractice({ requirePop: true }, async (practice) => {
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const without = await practiceProfile(practice);
      await expectRefused(['enroll', '--profile', without], 'POP-05', 3, env);
      const bound = await practiceProfile(practice, { proofOfPossession: { enabled: true } });
      const done = await runCommand(['enroll', '--profile', bound, '--json'], environment(env));
      expect(document(done)).toMatchObject({ state: 'done' });
      expect(practice.log.at(-1)).toMatchObject({ pop: 'valid', tls: 'TLSv1.2', status: 200 });
    });
  });

  test('a data folder that cannot be written', async () => {
    const blocked = join(await file('a file where a folder should be'), 'home');
    await expectRefused(['journal'], 'STORE-01', 1, { EST_STATION_HOME: blocked });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
