import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';
import { giveInput } from '../standard-input.ts';

const run = promisify(execFile);
/** Nothing else in the data looks like these; ASCII, because a snapshot escapes other characters. */
const pin = 'Pin-Nadeloehr-7731';
const soPin = 'So-Pin-Hebel-9964';

let folder: string;
let softHsm: SoftHsm;
let practice: PracticeServer;
let token: SoftHsmToken;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-scan-'));
  softHsm = await makeSoftHsm();
  token = await softHsm.makeToken({ label: 'scanned', pin, soPin });
  practice = await startPractice({ dir: join(folder, 'practice') });
});
afterAll(async () => {
  await practice.close();
  await softHsm.cleanup();
  await discardFolder(folder);
});

/** How a secret may have been written down. */
function forms(secret: string): readonly Buffer[] {
  const utf8 = Buffer.from(secret);
  return [
    utf8,
    Buffer.from(secret, 'utf16le'),
    Buffer.from(secret, 'latin1'),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('base64').replace(/=+$/, '')),
  ];
}

const holds = (content: Buffer, secret: string) =>
  forms(secret).some((form) => content.includes(form));

/** Every file below a folder. */
async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Command lines of a process and its children, as every user can read them. */
async function commandLines(root: number): Promise<Buffer[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  for (const [pid = 0, parent = 0] of pairs.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
    if (family.has(parent)) family.add(pid);
  }
  const read = [...family].map((pid) => readFile(`/proc/${pid}/cmdline`).catch(() => null));
  return (await Promise.all(read)).filter((line) => line !== null);
}

describe('after an enrollment with known secrets', () => {
  const output: Buffer[] = [];
  const lines: Buffer[] = [];
  let code: number | null;

  beforeAll(async () => {
    await mkdir(join(folder, 'snapshot'));
    const program = fileURLToPath(new URL('../enrolling-process.ts', import.meta.url));
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [program], {
      env: {
        PATH,
        HOME,
        ...softHsm.env,
        EST_STATION_HOME: join(folder, 'home'),
        TMPDIR: join(folder, 'snapshot'),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    }
    const { endpoint, caFingerprint, username, password } = practice.facts;
    const profile = {
      server: { endpoint },
      trust: { caRootFingerprint: caFingerprint },
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } },
      httpAuthentication: { scheme: 'basic', username },
      request: { subject: 'CN=GW-1,O=Example' },
    };
    const hex = (secret: string) => Buffer.from(secret).toString('hex');
    const given = { profile, snapshot: join(folder, 'snapshot', 'heap'), folder };
    // The secrets come as octets of their own, never as text: the process has nothing else of them.
    giveInput(child.stdin, `${JSON.stringify(given)}\n${hex(pin)}\n${hex(password)}\n`);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const watching = setInterval(() => {
      void commandLines(child.pid ?? 0).then((seen) => lines.push(...seen));
    }, 100);
    code = await ended;
    clearInterval(watching);
  }, 120_000);

  const secrets = () => [pin, soPin, practice.facts.password];

  test('it came to its end, and its processes were seen', () => {
    expect(Buffer.concat(output).toString()).toContain('"state":"done"');
    expect(code).toBe(0);
    expect(lines.some((line) => line.includes('host.ts'))).toBe(true);
  });

  test('none is in what it printed or on a command line', () => {
    for (const secret of secrets()) {
      expect(holds(Buffer.concat(output), secret)).toBe(false);
      expect(lines.some((line) => holds(line, secret))).toBe(false);
    }
  });

  test('none is in its database, journal or any other file', async () => {
    const files = await filesOf(join(folder, 'home'));
    expect(files.some((file) => file.endsWith('.db') || file.includes('sqlite'))).toBe(true);
    for (const file of files) {
      const content = await readFile(file);
      for (const secret of secrets()) expect([file, holds(content, secret)]).toEqual([file, false]);
    }
  });

  test('none is in its memory, but for what the security model lists', async () => {
    const heap = await readFile(join(folder, 'snapshot', 'heap'));
    expect(heap.length).toBeGreaterThan(1_000_000);
    // The snapshot would hold it: this string stood in the same memory.
    expect(holds(heap, 'a marker the scan must find')).toBe(true);
    for (const secret of secrets()) expect(holds(heap, secret)).toBe(false);
  });
});
