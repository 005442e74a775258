import { discardFolder } from '../../test/discard-folder.ts';
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SubjectAlternativeNameExtension } from '@peculiar/x509';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  askOnce,
  basic,
  certificatesOf,
  connectRaw,
  enrollment,
  makeCsr,
  makeKeys,
} from '../../test/practice-client.ts';
import { authorityFiles, makeAuthority } from './authority.ts';
import type { PracticeServer } from './practice.ts';
import { mintTlsClientCredential, startPractice } from './server.ts';

const run = promisify(execFile);
const names = new SubjectAlternativeNameExtension([{ type: 'dns', value: 'device-1.example' }]);

let dir: string;
let server: PracticeServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-practice-'));
  server = await startPractice({ dir });
});

afterAll(async () => {
  await server.close();
  await discardFolder(dir);
});

test('cacerts hands out the issuing CA and the root, in wrapped base64 with a length', async () => {
  const answer = await askOnce(server.facts, { path: '/cacerts' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/pkcs7-mime; smime-type=certs-only');
  expect(answer.headers.get('content-transfer-encoding')).toBe('base64');
  expect(answer.headers.get('content-length')).toBe(String(answer.body.length));
  const lines = answer.body.toString('latin1').split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBe(64);
  const fingerprints = (await certificatesOf(answer)).map((pem) =>
    new X509Certificate(pem).fingerprint256.replaceAll(':', ''),
  );
  expect(fingerprints).toHaveLength(2);
  expect(fingerprints).toContain(server.facts.caFingerprint);
});

test('the facts name the address, the root and an account', () => {
  expect(server.facts).toMatchObject({
    schemaVersion: 1,
    url: `https://${server.facts.endpoint}/.well-known/est`,
    endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    caCertificate: join(dir, 'root.pem'),
    caFingerprint: expect.stringMatching(/^[0-9A-F]{64}$/),
    username: 'trainee',
    password: expect.stringMatching(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/),
  });
});

test.each(['EC', 'RSA'] as const)(
  'OpenSSL accepts an issued %s certificate for a TLS client',
  async (kind) => {
    const keys = await makeKeys(kind);
    const csr = await makeCsr({
      keys,
      subject: 'C=DE, O=Example, CN=device-1',
      extensions: [names],
    });
    const answer = await askOnce(server.facts, enrollment(csr, server.facts));
    expect(answer.status).toBe(200);
    const [pem = '', ...others] = await certificatesOf(answer);
    expect(others).toEqual([]);
    const path = join(dir, `${kind}.pem`);
    await writeFile(path, pem);
    const { rootCertificate, issuingCertificate } = authorityFiles(dir);
    const trust = ['-CAfile', rootCertificate, '-untrusted', issuingCertificate];
    const strict = ['-x509_strict', '-purpose', 'sslclient'];
    const { stdout } = await run('openssl', ['verify', ...strict, ...trust, path]);
    expect(stdout).toContain(': OK');
    const { stdout: text } = await run('openssl', ['x509', '-in', path, '-noout', '-text']);
    expect(text).toContain('DNS:device-1.example');
    expect(text).toContain('TLS Web Client Authentication');
    expect(text.includes('Key Encipherment')).toBe(kind === 'RSA');
    const certificate = new X509Certificate(pem);
    const spki = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
    expect(certificate.publicKey.export({ format: 'der', type: 'spki' })).toEqual(spki);
    expect(certificate.serialNumber.length).toBeGreaterThanOrEqual(32);
    expect(certificate.validFromDate.getTime()).toBeLessThan(Date.now());
  },
);

test('the same request sent twice gets two certificates', async () => {
  const csr = await makeCsr();
  const connection = await connectRaw(server.facts);
  const first = await connection.send(enrollment(csr, server.facts));
  const second = await connection.send(enrollment(csr, server.facts));
  connection.close();
  const serials = await Promise.all(
    [first, second].map(async (answer) => {
      const [pem = ''] = await certificatesOf(answer);
      return new X509Certificate(pem).serialNumber;
    }),
  );
  expect(new Set(serials).size).toBe(2);
});

test('the label devices enrolls, an unknown label is 400, an unknown operation 404', async () => {
  const csr = await makeCsr();
  const known = await askOnce(server.facts, enrollment(csr, server.facts, '/devices/simpleenroll'));
  const label = await askOnce(server.facts, enrollment(csr, server.facts, '/other/simpleenroll'));
  const operation = await askOnce(server.facts, { path: '/other' });
  expect([known.status, label.status, operation.status]).toEqual([200, 400, 404]);
  expect(label.body.toString()).toContain('Unknown EST label');
  expect(operation.body.toString()).toContain('Unknown EST operation');
});

test.each([
  { name: 'no credentials', headers: {} },
  { name: 'a wrong password', headers: basic({ username: 'trainee', password: 'wrong' }) },
  { name: 'an empty Basic', headers: { Authorization: 'Basic' } },
  { name: 'another scheme', headers: { Authorization: 'Bearer abc' } },
])('$name is answered with a Basic challenge', async ({ headers }) => {
  const csr = await makeCsr();
  const answer = await askOnce(server.facts, {
    ...enrollment(csr, null),
    headers: { 'Content-Type': 'application/pkcs10', ...headers },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="/);
});

test('the first challenge has no body: Bouncy Castle closes it unread, and fails if one was announced', async () => {
  const answer = await askOnce(server.facts, enrollment(await makeCsr(), null));
  expect(answer).toMatchObject({ status: 401, body: Buffer.alloc(0) });
  expect(answer.headers.get('content-length')).toBe('0');
});

test('authentication is settled before the body or the method is judged', async () => {
  const connection = await connectRaw(server.facts);
  const probes = [
    await connection.send({ path: '/simpleenroll' }),
    await connection.send({ method: 'POST', path: '/simpleenroll', body: '' }),
    await connection.send({ path: '/simpleenroll', headers: basic(server.facts) }),
    await connection.send({ method: 'POST', path: '/cacerts', body: '' }),
  ];
  connection.close();
  expect(probes.map(({ status }) => status)).toEqual([401, 401, 405, 405]);
  expect(probes[2]?.headers.get('allow')).toBe('POST');
});

test('a TLS client certificate of this CA authenticates, over TLS 1.2 and 1.3', async () => {
  const credential = mintTlsClientCredential(server, 'station 1');
  const csr = await makeCsr();
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const answer = await askOnce(server.facts, enrollment(csr, null), { credential, maxVersion });
    expect(answer.status).toBe(200);
    expect(server.log.at(-1)).toMatchObject({ tls: maxVersion, authenticatedBy: 'tls' });
  }
});

test('a TLS client certificate of another CA does not', async () => {
  const credential = mintTlsClientCredential(makeAuthority(), 'stranger');
  const answer = await askOnce(server.facts, enrollment(await makeCsr(), null), { credential });
  expect(answer.status).toBe(401);
  expect(answer.body.toString()).toContain('was not issued by this CA');
  expect(server.log.at(-1)?.authenticatedBy).toBe('refused');
});

test.each([
  { name: 'bytes that are no request', body: Buffer.of(0x30, 0x03, 1, 1, 0xff), status: 400 },
  { name: 'a body beyond 64 KiB', body: Buffer.alloc(70_000), status: 413 },
])('$name is refused', async ({ body, status }) => {
  const answer = await askOnce(server.facts, enrollment(body, server.facts));
  expect(answer.status).toBe(status);
});

test('a chunked body beyond 64 KiB is refused', async () => {
  const chunk = `10000\r\n${'A'.repeat(0x10000)}\r\n10\r\n${'A'.repeat(16)}\r\n0\r\n\r\n`;
  const connection = await connectRaw(server.facts);
  const answering = connection.send({
    method: 'POST',
    path: '/simpleenroll',
    headers: {
      'Content-Type': 'application/pkcs10',
      'Transfer-Encoding': 'chunked',
      ...basic(server.facts),
    },
  });
  connection.socket.write(chunk);
  expect((await answering).status).toBe(413);
  connection.close();
});

test('a refusal comes when the client has sent all, so that closing does not cut it off', async () => {
  const connection = await connectRaw(server.facts);
  const failures: unknown[] = [];
  connection.socket.on('error', (error) => failures.push(error));
  const answering = connection.send({
    method: 'POST',
    path: '/simpleenroll',
    headers: { 'Content-Length': '20', Connection: 'close' },
  });
  let answered = false;
  const outcome = answering.then(({ status }) => {
    answered = true;
    return status;
  });
  await expect.poll(() => server.log.at(-1)?.status).toBe(401);
  connection.socket.write('A'.repeat(10));
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  expect(answered).toBe(false);
  connection.socket.write('A'.repeat(10));
  expect(await outcome).toBe(401);
  await once(connection.socket, 'close');
  expect(failures).toEqual([]);
});

test('a request whose signature is spoiled is refused', async () => {
  const csr = await makeCsr();
  csr.writeUInt8(csr.readUInt8(csr.length - 1) ^ 1, csr.length - 1);
  const answer = await askOnce(server.facts, enrollment(csr, server.facts));
  expect(answer.status).toBe(400);
});

test('whatever is damaged in a request, the answer is a refusal', async () => {
  const csr = await makeCsr({ extensions: [names] });
  const connection = await connectRaw(server.facts);
  const place = fc.nat({ max: csr.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (index, difference) => {
      const damaged = Buffer.from(csr);
      damaged.writeUInt8(damaged.readUInt8(index) ^ difference, index);
      const answer = await connection.send(enrollment(damaged, server.facts));
      expect(answer.status).toBe(400);
    }),
    { numRuns: 300 },
  );
  connection.close();
});

test('an RSA key of 1024 bits is refused', async () => {
  const key = join(dir, 'weak.pem');
  await run('openssl', ['genrsa', '-out', key, '1024']);
  const csr = join(dir, 'weak.csr');
  await run('openssl', [
    'req',
    '-new',
    '-key',
    key,
    '-subj',
    '/CN=weak',
    '-outform',
    'DER',
    '-out',
    csr,
  ]);
  const answer = await askOnce(server.facts, enrollment(await readFile(csr), server.facts));
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain('1024 bits');
});

test('a request that names nobody is refused', async () => {
  const answer = await askOnce(
    server.facts,
    enrollment(await makeCsr({ subject: '' }), server.facts),
  );
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain('names nobody');
});

test('curl enrolls as well', async () => {
  const request = join(dir, 'curl.b64');
  await writeFile(request, (await makeCsr()).toString('base64'));
  const { facts } = server;
  const config = join(dir, 'curl.conf');
  await writeFile(config, `user = "${facts.username}:${facts.password}"\n`, { mode: 0o600 });
  const { stdout } = await run('curl', [
    '--silent',
    '--fail',
    '--config',
    config,
    '--cacert',
    facts.caCertificate,
    '--header',
    'Content-Type: application/pkcs10',
    '--data-binary',
    `@${request}`,
    `${facts.url}/simpleenroll`,
  ]);
  const body = Buffer.from(stdout, 'latin1');
  expect(await certificatesOf({ status: 200, headers: new Map(), body })).toHaveLength(1);
});

test('the log tells what happened and no credential', async () => {
  const csr = await makeCsr();
  await askOnce(server.facts, enrollment(csr, server.facts), { maxVersion: 'TLSv1.2' });
  expect(server.log.at(-1)).toEqual({
    method: 'POST',
    path: '/.well-known/est/simpleenroll',
    status: 200,
    tls: 'TLSv1.2',
    pop: 'absent',
    authenticatedBy: 'basic',
  });
  expect(JSON.stringify(server.log)).not.toContain(server.facts.password);
});
