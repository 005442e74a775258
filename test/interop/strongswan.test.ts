import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorityFiles } from '../../electron/practice/authority.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { discardFolder } from '../discard-folder.ts';

const execute = promisify(execFile);
const run = (command: string, args: readonly string[]) =>
  execute(command, args, { encoding: 'buffer' });

/** strongSwan's `pki` prints its usage and ends with an error when it is asked for nothing. */
const installed = await run('pki', ['--help']).then(
  () => true,
  (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
);
const title = installed
  ? 'strongSwan 5.9 at an unwrapped practice server'
  : 'SKIPPED, NOT SHOWN: strongSwan `pki` is missing (Debian: strongswan-pki)';

if (!installed) process.stderr.write(`${title}\n`);

describe.skipIf(!installed)(title, () => {
  let dir: string;
  let server: PracticeServer;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'est-strongswan-'));
    server = await startPractice({ dir, unwrapped: true });
  });

  afterAll(async () => {
    await server?.close();
    await discardFolder(dir);
  });

  test('pki --estca fetches the root', async () => {
    const { url, caCertificate, caFingerprint } = server.facts;
    const origin = new URL(url).origin;
    const out = join(dir, 'strongswan-ca.der');
    await run('pki', ['--estca', '--url', origin, '--cacert', caCertificate, '--caout', out]);
    const written = (await readdir(dir)).filter((name) => name.startsWith('strongswan-ca'));
    const fingerprints = await Promise.all(
      written.map(async (name) =>
        new X509Certificate(await readFile(join(dir, name))).fingerprint256.replaceAll(':', ''),
      ),
    );
    expect(fingerprints).toContain(caFingerprint);
  });

  test.each([
    { kind: 'ecdsa', size: '256' },
    { kind: 'rsa', size: '2048' },
  ])('pki --est enrolls a key of kind $kind and renews it', async ({ kind, size }) => {
    const path = (name: string) => join(dir, `${kind}-${name}`);
    const origin = new URL(server.facts.url).origin;
    const { stdout: key } = await run('pki', ['--gen', '--type', kind, '--size', size]);
    await writeFile(path('key.der'), key);
    const naming = ['--dn', `C=DE, O=Example, CN=swan ${kind}`, '--san', 'swan.example'];
    const { stdout: csr } = await run('pki', ['--req', '--in', path('key.der'), ...naming]);
    await writeFile(path('csr.der'), csr);

    const anchors = authorityFiles(dir);
    const trust = ['--cacert', anchors.rootCertificate, '--cacert', anchors.issuingCertificate];
    const account = path('account');
    const { username, password } = server.facts;
    await writeFile(account, `--userpass ${username}:${password}\n`, { mode: 0o600 });
    const request = ['--est', '--url', origin, '--in', path('csr.der'), ...trust];
    const { stdout: der } = await run('pki', [...request, '--options', account]);
    await writeFile(path('cert.der'), der);
    const certificate = new X509Certificate(der);
    const [subject, requested] = [certificate.subject, await publicKeyOf(path('key.der'))];
    expect(subject.split('\n')).toEqual(['C=DE', 'O=Example', `CN=swan ${kind}`]);
    expect(certificate.publicKey.equals(requested)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:swan.example');

    const current = ['--cert', path('cert.der'), '--key', path('key.der')];
    const { stdout: renewed } = await run('pki', [...request, ...current]);
    expect(new X509Certificate(renewed).serialNumber).not.toBe(certificate.serialNumber);
    expect(server.log.at(-1)).toMatchObject({
      path: '/.well-known/est/simplereenroll',
      status: 200,
      authenticatedBy: 'tls',
    });
  });

  async function publicKeyOf(keyPath: string) {
    const { stdout } = await run('pki', ['--pub', '--in', keyPath]);
    return createPublicKey({ key: stdout, format: 'der', type: 'spki' });
  }
});
