import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { atTerminal, document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

// Each command is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const here = process.platform === 'linux' && existsSync('/usr/bin/script');
const reason = here ? null : 'script of util-linux is not installed';
const [ctrlC, ctrlD] = ['\x03', '\x04'];

let folder: string;
let softHsm: SoftHsm;
let token: SoftHsmToken;
let practice: PracticeServer;
let env: Record<string, string>;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-prompts-'));
  softHsm = await makeSoftHsm();
  token = await softHsm.makeToken({ label: 'prompts' });
  practice = await startPractice({ dir: file('practice') });
  env = { ...softHsm.env, EST_STATION_HOME: file('home') };
  const { endpoint, caFingerprint, username } = practice.facts;
  const onToken = { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } };
  const base = {
    server: { endpoint },
    trust: { caRootFingerprint: caFingerprint },
    keystore: onToken,
    httpAuthentication: { scheme: 'basic', username },
    request: { subject: 'CN=prompts' },
  };
  await writeFile(file('token.json'), JSON.stringify(base));
  const keystore = { kind: 'software', path: file('keystore') };
  await writeFile(file('software.json'), JSON.stringify({ ...base, keystore }));
  await writeFile(file('unknown.json'), JSON.stringify({ ...base, trust: {} }));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc' },
    passphrase: 'key file 4711',
  });
  await writeFile(file('key.pem'), pem);
  const enrolled = await runCommand(['enroll', '--profile', file('token.json'), '--json'], {
    ...env,
    EST_STATION_PIN: token.pin,
    EST_STATION_PASSWORD: practice.facts.password,
  });
  expect(document(enrolled)).toMatchObject({ state: 'done' });
});

afterAll(async () => {
  await practice.close();
  await softHsm.cleanup();
  await discardFolder(folder);
});

interface Prompt {
  readonly args: () => readonly string[];
  /** What is asked and answered before. */
  readonly before?: readonly (readonly [string, string])[];
  /** What the question in question says. */
  readonly asks: string;
  readonly env?: () => Record<string, string>;
}

const onToken = () => ['--module', softHsm.module, '--serial', token.serial];
const pin = () => ({ EST_STATION_PIN: token.pin });
const alias = 'est-enrolled-key-pair';

const prompts: Readonly<Record<string, Prompt>> = {
  'PIN of a token that is enrolled': {
    args: () => ['enroll', '--profile', file('token.json')],
    asks: 'PIN for prompts',
  },
  'HTTP password': {
    args: () => ['enroll', '--profile', file('token.json')],
    env: pin,
    asks: 'HTTP password for',
  },
  'keystore passphrase': {
    args: () => ['enroll', '--profile', file('software.json')],
    asks: 'keystore passphrase for',
  },
  'password of a key file': {
    args: () => [
      'keystore',
      'import',
      '--path',
      file('k'),
      '--alias',
      'a',
      '--file',
      file('key.pem'),
    ],
    asks: 'password of the key file for',
  },
  'new PIN': {
    args: () => ['token-pin', 'change', ...onToken()],
    env: pin,
    asks: 'new PIN for',
  },
  'new PIN, once more': {
    args: () => ['token-pin', 'change', ...onToken()],
    env: pin,
    before: [['new PIN for', '778899\r']],
    asks: 'new PIN again',
  },
  'name of a token to be erased': {
    args: () => ['token-init', ...onToken(), '--label', 'other'],
    asks: 'to destroy it',
  },
  'SO PIN of a token to be erased': {
    args: () => ['token-init', ...onToken(), '--label', 'other', '--destroy', token.serial],
    asks: 'SO PIN for other',
  },
  'alias of what is deleted': {
    args: () => ['objects', 'delete', '--profile', file('token.json'), '--alias', alias],
    asks: 'Type the alias again',
  },
  'fingerprint of a root': {
    args: () => ['bootstrap', '--profile', file('unknown.json')],
    asks: 'Type the fingerprint',
  },
};

describe.skipIf(reason !== null)(`a person at a terminal ${reason ?? ''}`, () => {
  test.each(
    Object.keys(prompts).flatMap((name) => [
      [name, 'Ctrl-C', ctrlC],
      [name, 'Ctrl-D', ctrlD],
    ]),
  )('leaves the question for the %s with %s', async (name, _, key) => {
    const prompt = prompts[name];
    if (prompt === undefined) throw new Error('no such prompt');
    const answers = [...(prompt.before ?? []), [prompt.asks, key]] as const;
    const all = { ...env, ...prompt.env?.() };
    const { code, shown, settings } = await atTerminal(prompt.args(), all, answers);
    expect(shown).toContain(prompt.asks);
    expect(shown).toContain('CANCEL-01');
    expect(code).toBe(130);
    for (const set of ['icanon', 'echo', 'isig', 'icrnl', 'opost']) {
      expect(settings).toMatch(new RegExp(`(?<!-)\\b${set}\\b`));
    }
  });

  test('has lost nothing by that', async () => {
    const { entries } = document(await runCommand(['journal', '--json'], env));
    const ends = (entries as { phase: string; state: string; evidence: { code?: string } }[])
      .filter(({ phase, evidence }) => phase === 'after' && evidence.code !== undefined)
      .map(({ state, evidence }) => `${state} ${evidence.code}`);
    expect(new Set(ends)).toEqual(new Set(['cancelled CANCEL-01']));
    const again = ['enroll', '--profile', file('token.json'), '--json'];
    const secrets = { ...pin(), EST_STATION_PASSWORD: practice.facts.password };
    expect(document(await runCommand(again, { ...env, ...secrets }))).toMatchObject({
      state: 'done',
      keystore: { token: `prompts (${token.serial})` },
    });
  });
});
