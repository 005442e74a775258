import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { profileSchema } from '../../shared/profile.ts';
import { document, runCommand, startCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule } from '../faulty-module.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

let softhsm: SoftHsm;
let faulty: FaultyModule;
let practice: PracticeServer;
let home: string;
let profile: string;
let env: Record<string, string>;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  home = await mkdtemp(join(tmpdir(), 'est-calls-'));
  practice = await startPractice({ dir: join(home, 'practice') });
  const { serial, pin } = await softhsm.makeToken({ label: 'gateway' });
  const { endpoint, caFingerprint, username, password } = practice.facts;
  env = {
    ...softhsm.env,
    ...faulty.env,
    EST_STATION_HOME: home,
    EST_STATION_PIN: pin,
    EST_STATION_PASSWORD: password,
  };
  profile = join(home, 'profile.json');
  const content = {
    trust: { caRootFingerprint: caFingerprint },
    server: { endpoint },
    keystore: { kind: 'pkcs11', module: faulty.module, token: { serial } },
    httpAuthentication: { scheme: 'basic', username },
    request: { subject: 'CN=gateway' },
  };
  await writeFile(profile, JSON.stringify(content));
});

afterAll(async () => {
  await practice.close();
  await softhsm.cleanup();
  await discardFolder(home);
});

beforeEach(async () => {
  env.EST_STATION_HOME = await mkdtemp(join(home, 'data-'));
  await faulty.script();
  await faulty.forget();
});

/** Starts `enroll` and waits until the token is in `name`. */
async function enrollInto(name: string) {
  const child = startCommand(['enroll', '--profile', profile, '--json'], env);
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  while (!(await faulty.calls()).includes(name)) await wait(20);
  return {
    child,
    async end() {
      const [code] = await once(child, 'close');
      return { code, stdout, stderr: '' };
    },
  };
}

async function journalWords(): Promise<string> {
  return (await runCommand(['journal'], env)).stdout;
}

async function evidenceOfCalls(): Promise<Record<string, unknown>[]> {
  const { entries } = document(await runCommand(['journal', '--json'], env));
  const all = entries as { evidence: Record<string, unknown>; state: string }[];
  return all
    .filter(({ evidence }) => evidence.call !== undefined)
    .map(({ evidence, state }) => ({ state, ...evidence }));
}

const alias = 'est-request-key-pair';

describe('a token that is being opened', { timeout: 90_000 }, () => {
  test.each([
    ['C_Initialize', null],
    ['C_GetSlotList', null],
    ['C_OpenSession', 'open'],
    ['C_Login', 'login'],
  ])('is stopped by Ctrl-C while it hangs in %s, and the next run works', async (name, call) => {
    await faulty.script(`${name} hang`);
    const running = await enrollInto(name);
    const begun = performance.now();
    running.child.kill('SIGINT');
    const ended = await running.end();
    expect(ended.code).toBe(130);
    // The shortest deadline of these calls is 5 s, that of a login 30 s.
    if (call === 'login') expect(performance.now() - begun).toBeLessThan(20_000);
    const sent = {
      code: 'PIN-PERHAPS-SENT',
      params: { token: expect.stringContaining('gateway') },
    };
    expect(document(ended)).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCEL-01', params: { step: 'token-ready' } },
      warnings: call === 'login' ? [sent] : [],
    });
    const cut = (await evidenceOfCalls()).filter(({ cutShort }) => cutShort === true);
    if (call !== null) expect(cut.at(-1)).toMatchObject({ call, function: name });
    expect((await faulty.calls()).filter((one) => one === 'C_Login').length).toBeLessThan(2);
    await faulty.script();
    const next = await runCommand(['enroll', '--profile', profile, '--json'], env);
    expect(document(next)).toMatchObject({ state: 'done', warnings: [] });
  });

  test('is let go by a station that cancels the enrollment, its PIN asked for once', async () => {
    const asked: string[] = [];
    const station = await composeStation({
      env,
      launcher: nodeProcessLauncher({ env }),
      secretSource: {
        ask: async (purpose) => {
          asked.push(purpose);
          return new TextEncoder().encode(env.EST_STATION_PIN);
        },
      },
    });
    try {
      await faulty.script('C_Login hang');
      const id = await station.start({
        profile: profileSchema.parse(JSON.parse(await readFile(profile, 'utf8'))),
        operation: 'enroll',
      });
      while (!(await faulty.calls()).includes('C_Login')) await wait(20);
      station.cancel(id);
      expect(await station.ended(id)).toMatchObject({
        state: 'cancelled',
        error: { code: 'CANCEL-01', params: { step: 'token-ready' } },
        warnings: [{ code: 'PIN-PERHAPS-SENT' }],
      });
      expect(asked).toEqual(['token-pin']);
    } finally {
      await station.close();
    }
  });

  test('is stopped by Ctrl-C of other commands too', async () => {
    await faulty.script('C_Initialize hang');
    const child = startCommand(['tokens', '--module', faulty.module, '--json'], env);
    const closed = once(child, 'close');
    while (!(await faulty.calls()).includes('C_Initialize')) await wait(20);
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
  });
});

describe('a token that is making a key', { timeout: 90_000 }, () => {
  test('is stopped by Ctrl-C, and the next run works', async () => {
    await faulty.script('C_GenerateKeyPair hang');
    const running = await enrollInto('C_GenerateKeyPair');
    running.child.kill('SIGINT');
    const ended = await running.end();
    expect(ended.code).toBe(130);
    expect(document(ended)).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCEL-01', params: { step: 'key-made' } },
      warnings: [{ code: 'KEY-PERHAPS-LEFT', params: { alias } }],
    });
    const token = expect.stringContaining('gateway');
    expect(await evidenceOfCalls()).toEqual([
      { state: 'key-made', call: 'generate-key-pair', alias, token },
      {
        ...{ state: 'key-made', call: 'generate-key-pair', alias, token },
        ...{ function: 'C_GenerateKeyPair', elapsedMs: expect.any(Number), cutShort: true },
      },
    ]);
    const words = `generate-key-pair ${alias}, cut short in C_GenerateKeyPair after`;
    expect(await journalWords()).toContain(words);

    await faulty.script();
    const next = await runCommand(['enroll', '--profile', profile, '--json'], env);
    expect(document(next)).toMatchObject({ state: 'done', error: null });
    expect(await journalWords()).not.toContain(env.EST_STATION_PIN);
  });

  test('and kills the station leaves word of the call', async () => {
    await faulty.script('C_GenerateKeyPair hang');
    const running = await enrollInto('C_GenerateKeyPair');
    running.child.kill('SIGKILL');
    await running.end();
    const words = await journalWords();
    expect(words.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`after +cancelled .*generate-key-pair ${alias}$`),
    );
  });

  test.each(['crash', 'late 0x30'])(
    'and fails by %s ends the enrollment in words',
    async (fault) => {
      await faulty.script(`C_GenerateKeyPair ${fault}`);
      const ended = await runCommand(['enroll', '--profile', profile, '--json'], env);
      expect(ended.code).toBe(4);
      const crashed = fault === 'crash';
      const last = (await evidenceOfCalls()).at(-1);
      expect(last).toMatchObject({ call: 'generate-key-pair', alias });
      expect(last?.function).toBe(crashed ? 'C_GenerateKeyPair' : undefined);
      const warnings = crashed ? [{ code: 'KEY-PERHAPS-LEFT' }] : [];
      expect(document(ended)).toMatchObject({ state: 'failed', warnings });
    },
  );
});

test('a certificate that was being stored is told with the call', { timeout: 60_000 }, async () => {
  await faulty.script('C_CreateObject hang');
  const running = await enrollInto('C_CreateObject');
  running.child.kill('SIGKILL');
  await running.end();
  await faulty.script();
  expect(await journalWords()).toContain(`issued-not-stored`);
  expect(await journalWords()).toContain(`store-certificate ${alias}`);
});
