import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule } from '../faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

const run = promisify(execFile);
/** Milliseconds: each command is a process of its own, also on a busy machine. */
const patience = 120_000;
const pinPad = 'C_GetTokenInfo flags 0x100';

let folder: string;
let softHsm: SoftHsm;
let faulty: FaultyModule;
let token: SoftHsmToken;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-look-'));
  softHsm = await makeSoftHsm();
  faulty = await makeFaultyModule(folder, softHsm.module);
  const rows = join(folder, 'rows.csv');
  await writeFile(rows, 'label\nfresh\n');
  initialising = ['token-init', ...module(), '--rows', rows];
  token = await softHsm.makeToken({ label: 'in use' });
});
afterEach(() => faulty.script());
afterAll(async () => {
  await softHsm.cleanup();
  await discardFolder(folder);
});

/** No PIN is anywhere: a command that asks for one ends with SECRET-01. @returns the code of its error, and what it said. */
async function withoutPins(...args: string[]) {
  const env = { ...softHsm.env, ...faulty.env, EST_STATION_HOME: join(folder, 'home') };
  const finished = await runCommand([...args, '--json'], env);
  const { error } = document(finished) as { error: { code: string } };
  return { code: error.code, stderr: finished.stderr };
}

const module = () => ['--module', faulty.module];
const tools = () => ({ ...process.env, ...softHsm.env });
/** Of the only blank token. */
let initialising: string[];

async function freeSlot(): Promise<string> {
  const { stdout } = await run('softhsm2-util', ['--show-slots'], { env: tools() });
  const free = stdout.split(/^Slot /m).find((block) => /Initialized:\s+no/.test(block));
  return free?.match(/^\d+/)?.[0] ?? '';
}

async function profileOf(selector: Record<string, string>): Promise<string> {
  const file = join(folder, 'profile.json');
  const keystore = { kind: 'pkcs11', module: faulty.module, token: selector };
  const trust = { caRootFingerprint: '0'.repeat(64) };
  const server = { endpoint: '127.0.0.1:1' };
  await writeFile(file, JSON.stringify({ server, trust, keystore, request: { subject: 'CN=x' } }));
  return file;
}

describe('a PIN is asked for', () => {
  test('only when the token is there', { timeout: patience }, async () => {
    const profile = await profileOf({ serial: 'absent' });
    for (const command of [
      ['token-pin', 'change', ...module(), '--serial', 'absent'],
      ['token-init', ...module(), '--serial', 'absent', '--label', 'x'],
      ['objects', 'rename', '--profile', profile, '--alias', 'a', '--to', 'b'],
      ['enroll', '--profile', profile],
    ]) {
      expect([command[0], (await withoutPins(...command)).code]).toEqual([command[0], 'TOKEN-02']);
    }
  });

  test('only when there is a blank one', { timeout: patience }, async () => {
    await faulty.script('C_GetSlotList gone');
    expect((await withoutPins(...initialising)).code).toBe('TOKEN-02');
  });

  test('never for a token that has no PIN', { timeout: patience }, async () => {
    const only = ['--init-token', '--label', 'no PIN', '--so-pin', token.soPin];
    const free = await freeSlot();
    await run('pkcs11-tool', ['--module', softHsm.module, '--slot', free, ...only], {
      env: tools(),
    });
    const profile = await profileOf({ label: 'no PIN' });
    const rename = ['objects', 'rename', '--profile', profile, '--alias', 'a', '--to', 'b'];
    expect((await withoutPins(...rename)).code).toBe('PIN-05');
  });

  test.each([{ policy: 'prompt' }, { policy: 'per-row' }])(
    'never where the reader takes it ($policy)',
    { timeout: patience },
    async ({ policy }) => {
      await faulty.script(pinPad);
      await faulty.forget();
      const ended = await withoutPins(...initialising, '--pin-policy', policy);
      // SoftHSM has no pad: it refuses the call that leaves the PIN to the reader.
      expect(ended.code).not.toBe('SECRET-01');
      expect(ended.stderr).toContain('Type the PINs on the reader');
      expect(await faulty.calls()).toContain('C_InitToken');
    },
  );
});
