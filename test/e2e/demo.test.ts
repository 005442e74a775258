import { execFile, spawn } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVirtualDisplay } from '../../electron/chromium/xvfb.ts';
import { enrollmentRecord } from '../../shared/enrollment.ts';
import { discardFolder } from '../discard-folder.ts';

const run = promisify(execFile);
const project = path.join(import.meta.dirname, '..', '..');
const demoMs = 120_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demonstration; `whenSaid` is told everything it has printed so far. */
function demo(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  whenSaid: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...inherited } = process.env;
  const child = spawn(process.execPath, ['electron/chromium/demo.ts', ...args], {
    cwd: project,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: demoMs,
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    whenSaid(stdout, (signal) => child.kill(signal));
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('the demonstration', () => {
  let folder = '';
  let ended: Ended;
  const file = (name: string) => path.join(folder, 'walked', name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'demo-'));
    await run(process.execPath, ['build/bundle.ts', '--quiet'], { cwd: project });
    ended = await demo(['--auto', '--out', path.join(folder, 'walked')], {});
  }, demoMs);

  afterAll(() => discardFolder(folder));

  it('walks the wizard by itself and ends well', () => {
    expect(ended.stderr).not.toContain('the window says');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });

  it('leaves a picture of every step, 1280 by 800', async () => {
    const pictures = (await readdir(file('.'))).filter((name) => name.endsWith('.png')).sort();
    expect(pictures).toEqual([
      '01-server.png',
      '02-trust.png',
      '03-trust-compared.png',
      '04-token-blank.png',
      '05-token-prepared.png',
      '06-identity.png',
      '07-authentication.png',
      '08-restrictions.png',
      '09-review.png',
      '10-enroll.png',
      '11-result.png',
    ]);
    for (const name of pictures) {
      const header = (await readFile(file(name))).subarray(16, 24);
      expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([1280, 800]);
    }
  });

  it('leaves the record of an enrollment that is done, with its proof of possession', async () => {
    const record = enrollmentRecord.parse(JSON.parse(await readFile(file('record.json'), 'utf8')));
    expect(record.state).toBe('done');
    expect(record.keystore).toMatchObject({ kind: 'pkcs11', generatedThere: true });
    expect(record.certificate?.subject).toContain('CN=gateway-0001');
    expect(record.certificate?.pem.trim()).toBe(
      (await readFile(file('certificate.pem'), 'utf8')).trim(),
    );
  });

  it('leaves a certificate that openssl verifies against the practice root', async () => {
    const args = ['-CAfile', file('ca.pem'), '-untrusted', file('ca-intermediates.pem')];
    const { stdout } = await run('openssl', ['verify', ...args, file('certificate.pem')]);
    expect(stdout.trim()).toBe(`${file('certificate.pem')}: OK`);
  });

  it('leaves a token whose key is the certificate’s, as pkcs11-tool reads it', async () => {
    const module = /--module (\S+)/.exec(ended.stdout)?.[1] ?? '';
    const read = ['--read-object', '--type', 'pubkey', '--label', 'est-enrolled-key-pair'];
    const { stdout } = await run('pkcs11-tool', ['--module', module, ...read], {
      encoding: 'buffer',
      env: { ...process.env, SOFTHSM2_CONF: file('softhsm2.conf') },
    });
    const certificate = new X509Certificate(await readFile(file('certificate.pem')));
    const onToken = createPublicKey({ key: stdout, format: 'der', type: 'spki' });
    expect(certificate.publicKey.equals(onToken)).toBe(true);
  });

  it('sums up what a person wants to know', () => {
    for (const word of ['subject', 'issuer', 'valid', 'fingerprint', 'made there', 'in all']) {
      expect(ended.stdout).toContain(word);
    }
    expect(ended.stdout).toContain(`Everything is in ${path.join(folder, 'walked')}`);
    expect(ended.stdout).not.toMatch(/not checked|FAILED/);
  });

  it('writes no PIN and no password anywhere', async () => {
    const names = await readdir(file('.'), { recursive: true, withFileTypes: true });
    for (const entry of names.filter((name) => name.isFile() && !name.name.endsWith('.png'))) {
      const content = await readFile(path.join(entry.parentPath, entry.name));
      expect(content.includes('87654321'), entry.name).toBe(false);
    }
    expect(ended.stdout + ended.stderr).not.toMatch(/87654321|123456/);
  });

  it('waits for a person where there is a screen, tells what to type, and gives way to a signal', async () => {
    const display = await startVirtualDisplay();
    try {
      const told = await demo(
        ['--out', path.join(folder, 'accompanied')],
        display.environment,
        (stdout, kill) => {
          if (stdout.includes('  password     ')) kill('SIGINT');
        },
      );
      expect(told.code, told.stderr).toBe(130);
      expect(told.stdout).toMatch(/fingerprint {2}([0-9A-F]{4} ?){8}/);
      expect(told.stderr).toContain('CANCEL-01');
    } finally {
      await display.stop();
    }
  });

  it('never writes into a folder that holds something', async () => {
    const again = await demo(['--auto', '--out', path.join(folder, 'walked')], {});
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('not empty');
  });

  it('says how it is used when it is called wrongly', async () => {
    const wrong = await demo(['--sideways'], {});
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('USAGE-01');
  });
});
