import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import {
  askOnce,
  certificatesOf,
  connectRaw,
  enrollment,
  makeCsr,
  makeKeys,
} from '../../test/practice-client.ts';
import type { PracticeFault, PracticeOptions, PracticeServer } from './practice.ts';
import { startPractice } from './server.ts';

let dir: string;
const running: PracticeServer[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-practice-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

afterAll(() => discardFolder(dir));

async function start(options: Partial<PracticeOptions>): Promise<PracticeServer> {
  const server = await startPractice({ dir, ...options });
  running.push(server);
  return server;
}

const withFault = (fault: PracticeFault) => start({ faults: [fault] });

test('garbage-cacerts: cacerts is no CMS message', async () => {
  const { facts } = await withFault('garbage-cacerts');
  const answer = await askOnce(facts, { path: '/cacerts' });
  expect(answer.status).toBe(200);
  await expect(certificatesOf(answer)).rejects.toThrow();
  expect((await askOnce(facts, enrollment(await makeCsr(), facts))).status).toBe(200);
});

test('garbage-enroll: the answer to an enrollment is no CMS message', async () => {
  const { facts } = await withFault('garbage-enroll');
  const answer = await askOnce(facts, enrollment(await makeCsr(), facts));
  expect(answer.status).toBe(200);
  await expect(certificatesOf(answer)).rejects.toThrow();
  expect(await certificatesOf(await askOnce(facts, { path: '/cacerts' }))).toHaveLength(2);
});

test('oversized-body: every answer is larger than a client should read', async () => {
  const { facts } = await withFault('oversized-body');
  const answer = await askOnce(facts, { path: '/cacerts' });
  expect(answer.body.length).toBeGreaterThan(2_097_152);
});

test('certificate-for-another-key: the certificate is not for the key of the request', async () => {
  const { facts } = await withFault('certificate-for-another-key');
  const keys = await makeKeys();
  const answer = await askOnce(facts, enrollment(await makeCsr({ keys }), facts));
  const [pem = ''] = await certificatesOf(answer);
  const { publicKey, subject } = new X509Certificate(pem);
  expect(subject).toBe('CN=device-1');
  const asked = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
  expect(publicKey.export({ format: 'der', type: 'spki' })).not.toEqual(asked);
});

test('html-error: an enrollment is answered with a page', async () => {
  const { facts } = await withFault('html-error');
  const answer = await askOnce(facts, enrollment(await makeCsr(), facts));
  expect(answer.status).toBe(500);
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  expect((await askOnce(facts, { path: '/cacerts' })).status).toBe(200);
});

test('hang-after-post: the certificate is issued and no answer comes', async () => {
  const server = await withFault('hang-after-post');
  const connection = await connectRaw(server.facts);
  const before = await issuedSoFar();
  let answered = false;
  connection.socket.on('data', () => {
    answered = true;
  });
  const sending = connection.send(enrollment(await makeCsr(), server.facts));
  await expect.poll(() => server.log.length).toBe(1);
  expect(server.log[0]).toMatchObject({ status: 0, authenticatedBy: 'basic' });
  expect(await issuedSoFar()).toBe(before + 1);
  expect(answered).toBe(false);
  const unanswered = expect(sending).rejects.toThrow('closed after 0 bytes');
  await server.close();
  await unanswered;
});

test('close-after-post: the certificate is issued and the connection closes', async () => {
  const server = await withFault('close-after-post');
  const before = await issuedSoFar();
  const sending = askOnce(server.facts, enrollment(await makeCsr(), server.facts));
  await expect(sending).rejects.toThrow('closed after 0 bytes');
  expect(server.log).toMatchObject([{ status: 0 }]);
  expect(await issuedSoFar()).toBe(before + 1);
});

async function issuedSoFar(): Promise<number> {
  const text = await readFile(join(dir, 'issued.pem'), 'latin1').catch(() => '');
  return text.split('-----BEGIN').length - 1;
}

test.each([
  { fault: 'wrong-name', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  { fault: 'unknown-ca', code: /UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY|SELF_SIGNED/ },
  { fault: 'expired-server-certificate', code: 'CERT_HAS_EXPIRED' },
] as const)('$fault: the server is not who it should be', async ({ fault, code }) => {
  const { facts } = await withFault(fault);
  await expect(connectRaw(facts)).rejects.toMatchObject({ code: expect.stringMatching(code) });
});

test('plain-http: the port answers without TLS', async () => {
  const { facts } = await withFault('plain-http');
  await expect(connectRaw(facts)).rejects.toMatchObject({ code: expect.stringContaining('SSL') });
  const status = await new Promise((done, fail) => {
    get(`http://${facts.endpoint}/.well-known/est/cacerts`, (answer) => {
      answer.resume();
      done(answer.statusCode);
    }).on('error', fail);
  });
  expect(status).toBe(400);
});

test('pending: the first request for a key waits, the next is issued', async () => {
  const { facts, log } = await start({ pendingSeconds: 3 });
  const csr = await makeCsr();
  const first = await askOnce(facts, enrollment(csr, facts));
  expect(first.status).toBe(202);
  expect(first.headers.get('retry-after')).toBe('3');
  expect((await askOnce(facts, enrollment(await makeCsr(), facts))).status).toBe(202);
  expect((await askOnce(facts, enrollment(csr, facts))).status).toBe(200);
  expect(log.map(({ status }) => status)).toEqual([202, 202, 200]);
});

test('unwrapped: base64 comes in one line', async () => {
  const { facts } = await start({ unwrapped: true });
  const answer = await askOnce(facts, { path: '/cacerts' });
  expect(answer.body.toString('latin1')).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
});

test.each([
  { name: 'a port beyond 65535', options: { port: 65_536 } },
  { name: 'a port that is no whole number', options: { port: 1.5 } },
  { name: 'a negative wait', options: { pendingSeconds: -1 } },
  { name: 'a wait beyond a week', options: { pendingSeconds: 604_801 } },
])('$name is refused', async ({ options }) => {
  await expect(startPractice({ dir, ...options })).rejects.toMatchObject({ code: 'USAGE-01' });
});

test('a port in use is refused', async () => {
  const { facts } = await start({});
  const port = Number(facts.endpoint.split(':')[1]);
  await expect(startPractice({ dir, port })).rejects.toMatchObject({ code: 'USAGE-01' });
});
