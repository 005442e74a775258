import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertsOnly } from '../../electron/pki/certs-only.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { mintTlsClientCredential, startPractice } from '../../electron/practice/server.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeCsr } from '../practice-client.ts';

const run = promisify(execFile);
const installed = await run('curl', ['--version']).then(
  () => true,
  () => false,
);
const title = installed
  ? 'curl at a practice server'
  : 'SKIPPED, NOT SHOWN: curl is missing (Debian: curl)';

if (!installed) process.stderr.write(`${title}\n`);

describe.skipIf(!installed)(title, () => {
  let dir: string;
  let server: PracticeServer;
  const file = (name: string): string => join(dir, name);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'est-curl-'));
    server = await startPractice({ dir: file('practice') });
    const { username, password } = server.facts;
    await writeFile(file('account'), `user = "${username}:${password}"\n`, { mode: 0o600 });
    await writeFile(file('csr'), (await makeCsr()).toString('base64'));
    await writeFile(file('flood'), 'A'.repeat(70_000));
  });

  afterAll(async () => {
    await server?.close();
    await discardFolder(dir);
  });

  const pkcs10 = ['--header', 'Content-Type: application/pkcs10'];
  const post = (name = 'csr'): string[] => [...pkcs10, '--data-binary', `@${file(name)}`];
  const signedIn = (): string[] => ['--config', file('account')];

  test.each([
    { name: 'in chunks', args: ['--header', 'Transfer-Encoding: chunked'], version: '1.1' },
    { name: 'after 100-continue', args: ['--header', 'Expect: 100-continue'], version: '1.1' },
    { name: 'as HTTP/1.0 without ALPN', args: ['--http1.0', '--no-alpn'], version: '1.1' },
    { name: 'although it offers HTTP/2', args: ['--http2'], version: '1.1' },
    { name: 'over TLS 1.2', args: ['--tls-max', '1.2'], version: '1.1' },
    { name: 'over TLS 1.3', args: ['--tlsv1.3'], version: '1.1' },
    { name: 'on a connection of its own', args: ['--header', 'Connection: close'], version: '1.1' },
    { name: 'as DER called binary', args: ['--header', 'Content-Transfer-Encoding: binary'] },
  ])('enrolls $name', async ({ args, version }) => {
    const body = version === undefined ? await binaryRequest() : post();
    const answer = await curl('simpleenroll', ...signedIn(), ...args, ...body);
    expect(answer).toMatchObject({
      status: 200,
      type: 'application/pkcs7-mime; smime-type=certs-only',
    });
    if (version !== undefined) expect(answer.version).toBe(version);
    const { certificates } = readCertsOnly(Buffer.from(answer.body, 'base64'), 1);
    expect(certificates).toHaveLength(1);
  });

  test('enrolls by a TLS client certificate, which is no leave to renew another name', async () => {
    const { keyPem, chainPem } = mintTlsClientCredential(server, 'curl', {
      registrationAuthority: false,
    });
    await writeFile(file('key.pem'), keyPem, { mode: 0o600 });
    await writeFile(file('chain.pem'), chainPem);
    const identity = ['--cert', file('chain.pem'), '--key', file('key.pem')];
    expect(await curl('simpleenroll', ...identity, ...post())).toMatchObject({ status: 200 });
    expect(server.log.at(-1)?.authenticatedBy).toBe('tls');

    expect(await curl('simplereenroll', ...identity, ...post())).toMatchObject({ status: 403 });
  });

  test.each([
    { operation: 'cacerts', args: ['--request', 'DELETE'], status: 405 },
    { operation: 'cacerts', args: ['--head'], status: 405 },
    { operation: 'csrattrs', args: ['--request', 'PUT'], status: 405 },
    { operation: 'nowhere/cacerts', args: [], status: 400 },
    { operation: 'devices/cacerts', args: [], status: 200 },
    { operation: 'nothing', args: [], status: 404 },
    { operation: 'cacerts/../csrattrs', args: ['--path-as-is'], status: 404 },
    { operation: 'cacerts?x=%00', args: [], status: 200 },
  ])('$operation with $args is answered with $status', async ({ operation, args, status }) => {
    expect(await curl(operation, ...args)).toMatchObject({ status });
  });

  test.each([
    { name: 'a form', args: ['--data', 'csr=x'], status: 415 },
    { name: 'no body', args: [...pkcs10, '--data', ''], status: 400 },
    { name: 'base64 of no request', args: [...pkcs10, '--data', 'AAAA'], status: 400 },
    { name: 'no POST', args: ['--get'], status: 405 },
  ])('$name is no enrollment: $status', async ({ args, status }) => {
    expect(await curl('simpleenroll', ...signedIn(), ...args)).toMatchObject({ status });
  });

  test.each([
    { name: 'announced', args: [] },
    { name: 'in chunks', args: ['--header', 'Transfer-Encoding: chunked'] },
  ])('a body beyond every bound, $name, is refused', async ({ args }) => {
    const answer = await curl('simpleenroll', ...signedIn(), ...args, ...post('flood'));
    expect(answer.status).toBe(413);
    expect(await curl('cacerts')).toMatchObject({ status: 200 });
  });

  test('a server that is not trusted is told nothing', async () => {
    const before = server.log.length;
    const untrusted = run('curl', [
      '--silent',
      ...signedIn(),
      ...post(),
      `${server.facts.url}/simpleenroll`,
    ]);
    // curl: 60 = the peer's certificate cannot be authenticated.
    await expect(untrusted).rejects.toMatchObject({ code: 60 });
    expect(server.log).toHaveLength(before);
  });

  async function binaryRequest(): Promise<string[]> {
    await writeFile(file('csr.der'), await makeCsr());
    return post('csr.der');
  }

  async function curl(operation: string, ...args: readonly string[]) {
    const { facts } = server;
    const report = '\n%{http_code} %{http_version} %{content_type}';
    const { stdout } = await run('curl', [
      ...['--silent', '--max-time', '20', '--cacert', facts.caCertificate],
      ...['--write-out', report, ...args, `${facts.url}/${operation}`],
    ]);
    const end = stdout.lastIndexOf('\n');
    const [status, version, ...type] = stdout.slice(end + 1).split(' ');
    return { status: Number(status), version, type: type.join(' '), body: stdout.slice(0, end) };
  }
});
