import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { document, type Finished, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const run = promisify(execFile);

// Each command is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const sheetForm = z.strictObject({
  sheetVersion: z.literal(1),
  station: z.string(),
  operator: z.string(),
  writtenAt: z.iso.datetime(),
  tokens: z.array(
    z.strictObject({
      label: z.string(),
      serial: z.string(),
      module: z.string(),
      state: z.enum(['planned', 'set']),
      pin: z.string().regex(/^\d{8}$/),
      soPin: z
        .string()
        .regex(/^\d{16}$/)
        .optional(),
    }),
  ),
});

let folder: string;
let softHsm: SoftHsm;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-care-'));
  softHsm = await makeSoftHsm();
  for (const [name, key] of [
    ['rsa', ['rsa:2048']],
    ['ec', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ] as const) {
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    const subject = ['-subj', '/CN=PKI engineer', '-days', '7'];
    await run('openssl', ['req', '-x509', '-newkey', ...key, '-nodes', ...files, ...subject]);
  }
});
afterAll(async () => {
  await softHsm.cleanup();
  await discardFolder(folder);
});

const station = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  runCommand(args, { ...softHsm.env, EST_STATION_HOME: file('home'), ...env });
const module = () => ['--module', softHsm.module];
const errorCode = (finished: Finished) => document(finished).error;

/** What `openssl cms` reads on a sheet. */
async function opened(sheet: string, key: string) {
  const args = ['cms', '-decrypt', '-inform', 'PEM', '-in', sheet];
  const { stdout } = await run('openssl', [
    ...args,
    '-inkey',
    file(`${key}.key`),
    '-recip',
    file(`${key}.pem`),
  ]);
  return sheetForm.parse(JSON.parse(stdout));
}

/** Whether a PIN opens a token, by another program. */
async function login(serial: string, pin: string, who: 'user' | 'so'): Promise<boolean> {
  const { stdout } = await run('softhsm2-util', ['--show-slots'], {
    env: { ...process.env, ...softHsm.env },
  });
  const blocks = stdout.split(/^Slot /m);
  const slot = blocks.find((block) => block.includes(serial))?.match(/^\d+/)?.[0] ?? '';
  const asWho = who === 'so' ? ['--login-type', 'so', '--so-pin', pin] : ['--login', '--pin', pin];
  return await run('pkcs11-tool', [...module(), '--slot', slot, ...asWho, '--list-objects'], {
    env: { ...process.env, ...softHsm.env },
  }).then(
    () => true,
    () => false,
  );
}

describe('initialising tokens with generated PINs', () => {
  test.each(['rsa', 'ec'])(
    'writes a sheet that only the holder of the %s key reads, and sets what stands on it',
    async (key) => {
      const rows = file(`${key}.csv`);
      await writeFile(rows, `label,serial\n${key} one,\n${key} two,\n`);
      const sheet = file(`${key}.cms`);
      const made = await station([
        'token-init',
        ...module(),
        ...['--rows', rows, '--pin-policy', 'generated', '--secret-sheet', sheet],
        ...['--sheet-recipient', file(`${key}.pem`), '--json'],
      ]);
      expect(made).toMatchObject({ code: 0 });
      const { tokens } = await opened(sheet, key);
      expect(document(made).tokens).toMatchObject(
        tokens.map(({ label, serial }) => ({ label, serial, pinState: 'ok' })),
      );
      expect(tokens.map(({ state }) => state)).toEqual(['set', 'set']);
      const [first, second] = tokens;
      expect(first?.pin).not.toBe(second?.pin);
      for (const { serial, pin, soPin = '' } of tokens) {
        expect(await login(serial, pin, 'user')).toBe(true);
        expect(await login(serial, soPin, 'so')).toBe(true);
        expect(made.stdout + made.stderr).not.toContain(pin);
        expect(made.stdout + made.stderr).not.toContain(soPin);
      }
    },
  );

  test('sets no PIN when the sheet cannot be written', async () => {
    const sheet = file('there.cms');
    await writeFile(sheet, 'something else');
    const rows = file('never.csv');
    await writeFile(rows, 'label\nnever\n');
    const attempt = await station([
      'token-init',
      ...module(),
      ...['--rows', rows, '--pin-policy', 'generated', '--secret-sheet', sheet],
      ...['--sheet-recipient', file('rsa.pem'), '--json'],
    ]);
    expect(errorCode(attempt)).toMatchObject({ code: 'SHEET-01' });
    expect(await readFile(sheet, 'utf8')).toBe('something else');
    const { stdout } = await station(['tokens', ...module(), '--json']);
    expect(stdout).not.toContain('never');
  });
});

describe('a token in use', () => {
  test('is listed, and erased only by its own name', async () => {
    const token = await softHsm.makeToken({ label: 'used up' });
    const env = { EST_STATION_SO_PIN: token.soPin, EST_STATION_PIN: '192837' };
    const request = ['token-init', ...module(), '--serial', token.serial, '--label', 'fresh'];
    const refused = await station([...request, '--json'], env);
    expect(errorCode(refused)).toMatchObject({ code: 'TOKEN-11' });
    expect(refused.stderr).toContain('Initialising destroys what used up');
    const wrong = await station([...request, '--destroy', 'fresh', '--json'], env);
    expect(errorCode(wrong)).toMatchObject({ code: 'TOKEN-11' });
    const done = await station([...request, '--destroy', token.serial, '--json'], env);
    expect(document(done)).toMatchObject({ label: 'fresh', initialised: true });
  });

  test('gets another PIN, and a new one by its SO PIN', async () => {
    const token = await softHsm.makeToken({ label: 'pins' });
    const target = [...module(), '--serial', token.serial, '--json'];
    const changed = await station(['token-pin', 'change', ...target], {
      EST_STATION_PIN: token.pin,
      EST_STATION_NEW_PIN: '445566',
    });
    expect(changed).toMatchObject({ code: 0, stderr: expect.stringContaining('PIN ready') });
    expect(await login(token.serial, '445566', 'user')).toBe(true);
    const so = await station(['token-pin', 'so', ...target], {
      EST_STATION_SO_PIN: token.soPin,
      EST_STATION_NEW_SO_PIN: '11112222',
    });
    expect(so).toMatchObject({ code: 0 });
    const unblocked = await station(['token-pin', 'unblock', ...target], {
      EST_STATION_SO_PIN: '11112222',
      EST_STATION_NEW_PIN: '778899',
    });
    expect(unblocked).toMatchObject({ code: 0 });
    expect(await login(token.serial, '778899', 'user')).toBe(true);
    const refused = await station(['token-pin', 'change', ...target], {
      EST_STATION_PIN: '908070',
      EST_STATION_NEW_PIN: '445566',
    });
    expect(refused.code).toBe(5);
    expect(errorCode(refused)).toMatchObject({ code: 'PIN-01' });
    const audit = await readFile(join(file('home'), 'station.db'));
    expect(audit.length).toBeGreaterThan(0);
    for (const pin of ['445566', '778899', '11112222', '908070']) {
      expect(audit.includes(pin)).toBe(false);
    }
  });
});
