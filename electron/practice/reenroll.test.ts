import { discardFolder } from '../../test/discard-folder.ts';
import 'reflect-metadata';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Name, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  askOnce,
  type CsrPlan,
  certificatesOf,
  enrollment,
  makeCsr,
  makeKeys,
} from '../../test/practice-client.ts';
import type { TlsCredential } from './issue.ts';
import type { PracticeServer } from './practice.ts';
import { mintTlsClientCredential, startPractice } from './server.ts';

const names = (value: string) => new SubjectAlternativeNameExtension([{ type: 'dns', value }]);
const subject = 'O=Example, CN=device-7';
const extensions = [names('device-7.example')];

let dir: string;
let server: PracticeServer;
/** The device's own certificate and key. */
let device: TlsCredential;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-practice-'));
  server = await startPractice({ dir });
  const keys = await makeKeys();
  const csr = await makeCsr({ keys, subject, extensions });
  const [chainPem = ''] = await certificatesOf(
    await askOnce(server.facts, enrollment(csr, server.facts)),
  );
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const keyPem = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  device = { keyPem, chainPem };
});

afterAll(async () => {
  await server.close();
  await discardFolder(dir);
});

interface Case {
  readonly name: string;
  readonly plan: CsrPlan;
  readonly status: number;
  readonly word?: string;
}

const cases: readonly Case[] = [
  { name: 'the same names', plan: { subject, extensions }, status: 200 },
  {
    name: 'another subject',
    plan: { subject: 'CN=device-8', extensions },
    status: 403,
    word: 'subject',
  },
  {
    name: 'another SubjectAltName',
    plan: { subject, extensions: [names('device-8.example')] },
    status: 403,
    word: 'SubjectAltName',
  },
  { name: 'no SubjectAltName', plan: { subject }, status: 403, word: 'SubjectAltName' },
];

test.each(cases)('with its own certificate: $name is $status', async ({ plan, status, word }) => {
  const request = enrollment(await makeCsr(plan), null, '/simplereenroll');
  const answer = await askOnce(server.facts, request, { credential: device });
  expect(answer.status).toBe(status);
  if (word) expect(answer.body.toString()).toContain(word);
});

test.each(cases)('with a password: $name is $status', async ({ plan, status, word }) => {
  const request = enrollment(await makeCsr(plan), server.facts, '/simplereenroll');
  const answer = await askOnce(server.facts, request);
  expect(answer.status).toBe(status);
  if (word) expect(answer.body.toString()).toContain(word);
});

test('names that differ only in their string type are not the same', async () => {
  const utf8 = new Name([{ O: [{ utf8String: 'Example' }] }, { CN: [{ utf8String: 'device-7' }] }]);
  const csr = await makeCsr({ subject: utf8, extensions });
  const request = enrollment(csr, server.facts, '/simplereenroll');
  const answer = await askOnce(server.facts, request);
  expect(answer.status).toBe(403);
  expect(answer.body.toString()).toContain('no certificate with this subject');
});

test('a registration authority renews the certificate of another device', async () => {
  const credential = mintTlsClientCredential(server, 'station 1');
  const request = enrollment(await makeCsr({ subject, extensions }), null, '/simplereenroll');
  expect((await askOnce(server.facts, request, { credential })).status).toBe(200);
});

test('a plain client certificate does not', async () => {
  const credential = mintTlsClientCredential(server, 'device 9', { registrationAuthority: false });
  const request = enrollment(await makeCsr({ subject, extensions }), null, '/simplereenroll');
  expect((await askOnce(server.facts, request, { credential })).status).toBe(403);
});

test('what was issued before a restart can be renewed after it', async () => {
  const restarted = await startPractice({ dir });
  const csr = await makeCsr({ subject, extensions });
  const request = enrollment(csr, restarted.facts, '/simplereenroll');
  const answer = await askOnce(restarted.facts, request);
  await restarted.close();
  expect(answer.status).toBe(200);
  expect(restarted.facts.caFingerprint).toBe(server.facts.caFingerprint);
  expect(restarted.facts.password).not.toBe(server.facts.password);
});
