import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { document, type Finished, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

// Each command is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const run = promisify(execFile);
const password = 'key file 4711';
const passphrase = 'keystore 0815';

let folder: string;
let softHsm: SoftHsm;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-keys-'));
  softHsm = await makeSoftHsm();
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes'];
  const files = ['-keyout', file('k.pem'), '-out', file('c.pem')];
  await run('openssl', ['req', '-x509', ...ec, '-subj', '/CN=from elsewhere', ...files]);
  const parts = ['-inkey', file('k.pem'), '-in', file('c.pem'), '-out', file('in.p12')];
  await run('openssl', ['pkcs12', '-export', ...parts, '-passout', `pass:${password}`]);
});
afterAll(async () => {
  await softHsm.cleanup();
  await discardFolder(folder);
});

const station = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  runCommand([...args, '--json'], {
    ...softHsm.env,
    EST_STATION_HOME: file('home'),
    EST_STATION_PIN: passphrase,
    EST_STATION_FILE_PASSWORD: password,
    ...env,
  });
const folderArgs = (alias: string) => ['--path', file('keystore'), '--alias', alias];
const failure = (finished: Finished) => document(finished).error;

describe('a key from elsewhere', () => {
  test('goes into a software keystore and out again, OpenSSL at both ends', async () => {
    const imported = await station([
      'keystore',
      'import',
      ...folderArgs('ra'),
      '--file',
      file('in.p12'),
    ]);
    expect(document(imported)).toMatchObject({ alias: 'ra', certificates: 1 });
    const original = createPrivateKey(await readFile(file('k.pem')));
    const pass = ['-passin', `pass:${password}`];

    const out = ['keystore', 'export', ...folderArgs('ra'), '--file', file('out.p12')];
    expect(await station(out)).toMatchObject({ code: 0 });
    expect((await stat(file('out.p12'))).mode & 0o777).toBe(0o600);
    const args = ['pkcs12', '-in', file('out.p12'), ...pass, '-nodes'];
    const { stdout } = await run('openssl', args);
    expect(stdout).toContain('CN = from elsewhere');
    expect(createPrivateKey(stdout).equals(original)).toBe(true);
    expect(failure(await station(out))).toMatchObject({ code: 'USAGE-01' });

    const pkcs8 = ['--file', file('out.pem'), '--format', 'pkcs8'];
    await station(['keystore', 'export', ...folderArgs('ra'), ...pkcs8]);
    const key = await run('openssl', ['pkey', '-in', file('out.pem'), ...pass]);
    expect(createPrivateKey(key.stdout).equals(original)).toBe(true);
    const again = ['keystore', 'import', ...folderArgs('again'), '--file', file('out.pem')];
    expect(document(await station(again))).toMatchObject({ certificates: 1 });
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['another password', ['in.p12', 'x'], { EST_STATION_FILE_PASSWORD: 'other' }, 'KEYFILE-02'],
    ['a key in clear', ['k.pem', 'x'], {}, 'KEYFILE-01'],
    ['a certificate alone', ['c.pem', 'x'], {}, 'KEYFILE-01'],
    ['an absent file', ['absent', 'x'], {}, 'KEYFILE-01'],
    ['an alias that is taken', ['in.p12', 'taken'], {}, 'OBJECT-03'],
  ])('is refused with %s', async (_, [name = '', alias = ''], env, code) => {
    await station(['keystore', 'import', ...folderArgs('taken'), '--file', file('in.p12')]);
    const args = ['keystore', 'import', ...folderArgs(alias), '--file', file(name)];
    expect(failure(await station(args, env))).toMatchObject({ code });
  });

  test('goes onto a token, and never out of it', async () => {
    const token = await softHsm.makeToken({ label: 'receiving' });
    const keystore = { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } };
    const profile = { server: { endpoint: 'est.example' }, keystore, request: { subject: 'CN=x' } };
    await writeFile(file('profile.json'), JSON.stringify(profile));
    const target = ['--profile', file('profile.json'), '--alias', 'brought'];
    const env = { EST_STATION_PIN: token.pin };
    const imported = await station(
      ['keystore', 'import', ...target, '--file', file('in.p12')],
      env,
    );
    expect(document(imported)).toMatchObject({ certificates: 1 });
    const shown = await station(['objects', 'show', ...target], env);
    expect(document(shown)).toMatchObject({
      alias: 'brought',
      generatedThere: false,
      certificate: { subject: 'CN=from elsewhere' },
    });
    const out = await station(['keystore', 'export', ...target, '--file', file('never.p12')], env);
    expect(failure(out)).toMatchObject({ code: 'KEYFILE-04' });
  });
});
