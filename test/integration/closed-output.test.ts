import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const run = promisify(execFile);
const entry = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));
const command = (args: readonly string[]) => [process.execPath, entry, ...args];
/** Milliseconds: each command is a process of its own, also on a busy machine. */
const patience = 120_000;

let folder: string;
let softHsm: SoftHsm;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-output-'));
  softHsm = await makeSoftHsm();
});
afterAll(async () => {
  await softHsm.cleanup();
  await discardFolder(folder);
});

/** Runs a command whose reader goes away. @returns exit code and what it said on stderr. */
async function unread(args: readonly string[], readerGoes: (stdout: Readable) => Promise<void>) {
  const child = startCommand(args, { ...softHsm.env, EST_STATION_HOME: join(folder, 'home') });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  let told = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  await readerGoes(stdout);
  return { code: await closed, stderr: told };
}

describe('output that nobody reads', () => {
  test.each([
    { name: 'the help', args: ['--help'], code: 0 },
    { name: 'a list', args: ['modules', '--json'], code: 0 },
    { name: 'a usage error', args: ['nonsense', '--json'], code: 2 },
    {
      name: 'a profile that is not there',
      args: ['enroll', '--profile', '/nowhere.json', '--json'],
      code: 3,
    },
  ])('does not change how $name ends', { timeout: patience }, async ({ args, code }) => {
    const ended = await unread(args, async (stdout) => {
      stdout.destroy();
    });
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/EPIPE|^ {4}at /m);
  });

  test('ends a command that only tells', { timeout: patience }, async () => {
    const watch = ['tokens', '--module', softHsm.module, '--watch', '--json'];
    const ended = await unread(watch, async (stdout) => {
      await once(stdout, 'data');
      stdout.destroy();
      await softHsm.makeToken({ label: 'arrives later' });
    });
    expect(ended).toEqual({ code: 0, stderr: '' });
  });

  test('is silent also when errors cannot be told', { timeout: patience }, async () => {
    const child = startCommand(['nonsense'], {});
    child.stderr?.destroy();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(2);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'is told when it does not fit where it was sent to',
    { timeout: patience },
    async () => {
      const child = spawn('sh', ['-c', '"$@" > /dev/full', 'sh', ...command(['--help'])], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect(code).toBe(1);
      expect(stderr).toContain('OUTPUT-01');
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
  );

  test('of the whole script ends quietly', { timeout: patience }, async () => {
    const program = command(['--help'])
      .map((word) => `'${word}'`)
      .join(' ');
    const { stdout, stderr } = await run('bash', ['-c', `set -o pipefail; ${program} | head -1`]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toBe('');
  });
});
