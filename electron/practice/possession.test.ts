import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import {
  askOnce,
  basic,
  connectRaw,
  enrollment,
  makeCsr,
  type RawConnection,
} from '../../test/practice-client.ts';
import type { PracticeServer } from './practice.ts';
import { startPractice } from './server.ts';

const challengePasswordOid = Buffer.from('06092a864886f70d010907', 'hex');

let dir: string;
let relaxed: PracticeServer;
let strict: PracticeServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-practice-'));
  relaxed = await startPractice({ dir });
  strict = await startPractice({ dir, requirePop: true });
});

afterAll(async () => {
  await relaxed.close();
  await strict.close();
  await discardFolder(dir);
});

async function submit(server: PracticeServer, connection: RawConnection, value: string) {
  const csr = await makeCsr({ challengePassword: value });
  return connection.send(enrollment(csr, server.facts));
}

describe.each(['relaxed', 'strict'] as const)('a server that is %s', (kind) => {
  const server = () => (kind === 'strict' ? strict : relaxed);

  test('accepts tls-unique of this connection over TLS 1.2', async () => {
    const connection = await connectRaw(server().facts, { maxVersion: 'TLSv1.2' });
    const answer = await submit(server(), connection, connection.tlsUnique());
    expect(answer.status).toBe(200);
    expect(server().log.at(-1)).toMatchObject({ tls: 'TLSv1.2', pop: 'valid' });
    connection.close();
  });

  test('accepts tls-exporter of this connection over TLS 1.2', async () => {
    const connection = await connectRaw(server().facts, { maxVersion: 'TLSv1.2' });
    const answer = await submit(server(), connection, connection.tlsExporter());
    expect(answer.status).toBe(200);
    expect(server().log.at(-1)).toMatchObject({ tls: 'TLSv1.2', pop: 'valid' });
    connection.close();
  });

  test('accepts it after a 401 on the same connection', async () => {
    const connection = await connectRaw(server().facts, { maxVersion: 'TLSv1.2' });
    const challenge = await connection.send({ method: 'POST', path: '/simpleenroll', body: '' });
    expect(challenge.status).toBe(401);
    expect((await submit(server(), connection, connection.tlsUnique())).status).toBe(200);
    connection.close();
  });

  test('accepts tls-exporter of this connection over TLS 1.3', async () => {
    const connection = await connectRaw(server().facts, { minVersion: 'TLSv1.3' });
    const answer = await submit(server(), connection, connection.tlsExporter());
    expect(answer.status).toBe(200);
    expect(server().log.at(-1)).toMatchObject({ tls: 'TLSv1.3', pop: 'valid' });
    connection.close();
  });

  test.each([
    { name: 'the binding of another connection', maxVersion: 'TLSv1.2', value: 'other' },
    { name: 'a word', maxVersion: 'TLSv1.2', value: 'secret' },
    { name: 'the binding and a line break', maxVersion: 'TLSv1.2', value: 'broken' },
    { name: 'Finished over TLS 1.3', maxVersion: 'TLSv1.3', value: 'finished' },
  ] as const)('refuses $name', async ({ maxVersion, value }) => {
    const other = await connectRaw(server().facts, { maxVersion });
    const connection = await connectRaw(server().facts, { maxVersion });
    const values = {
      other: other.tlsUnique(),
      secret: 'secret',
      broken: `${connection.tlsUnique()}\n`,
      finished: connection.tlsUnique(),
    };
    const answer = await submit(server(), connection, values[value]);
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain('not the channel binding');
    expect(server().log.at(-1)?.pop).toBe('wrong');
    connection.close();
    other.close();
  });
});

test('a request without a binding is refused only where it is required', async () => {
  const csr = await makeCsr();
  const [refused, accepted] = [
    await askOnce(strict.facts, enrollment(csr, strict.facts)),
    await askOnce(relaxed.facts, enrollment(csr, relaxed.facts)),
  ];
  expect([refused.status, accepted.status]).toEqual([400, 200]);
  expect(refused.body.toString()).toContain('Proof of possession is required');
});

test('csrattrs lists challengePassword where it is required', async () => {
  const answer = await askOnce(strict.facts, { path: '/csrattrs' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/csrattrs');
  const der = Buffer.from(answer.body.toString('latin1'), 'base64');
  expect(der.includes(challengePasswordOid)).toBe(true);
});

test('csrattrs is empty elsewhere, and names a key below the label devices', async () => {
  const none = await askOnce(relaxed.facts, { path: '/csrattrs' });
  expect(none.status).toBe(204);
  expect(none.body.length).toBe(0);
  const devices = await askOnce(relaxed.facts, { path: '/devices/csrattrs' });
  expect(devices.status).toBe(200);
  const der = Buffer.from(devices.body.toString('latin1'), 'base64');
  expect(der.includes(challengePasswordOid)).toBe(false);
  // id-ecPublicKey with prime256v1, ecdsa-with-SHA256
  for (const oid of ['06072a8648ce3d0201', '06082a8648ce3d030107', '06082a8648ce3d040302']) {
    expect(der.includes(Buffer.from(oid, 'hex'))).toBe(true);
  }
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a %s session is never resumed', async (version) => {
  const versions = { minVersion: version, maxVersion: version };
  const first = await connectRaw(relaxed.facts, versions);
  const ticket = new Promise<Buffer>((done) => first.socket.once('session', done));
  await first.send({ path: '/cacerts', headers: basic(relaxed.facts) });
  const session = first.socket.getSession() ?? (await ticket);
  first.close();
  const second = await connectRaw(relaxed.facts, { ...versions, session });
  expect(second.socket.isSessionReused()).toBe(false);
  second.close();
});

test('a renegotiation, which would change tls-unique, is refused', async () => {
  const connection = await connectRaw(relaxed.facts, { maxVersion: 'TLSv1.2' });
  const refused = new Promise<Error | null>((done) => {
    connection.socket.once('error', done);
    connection.socket.renegotiate({}, done);
  });
  expect(await refused).toBeInstanceOf(Error);
  connection.close();
});

test('a server held at TLS 1.2 does not speak 1.3', async () => {
  const held = await startPractice({ dir, maxTls: 'TLSv1.2' });
  const connection = await connectRaw(held.facts);
  expect(connection.socket.getProtocol()).toBe('TLSv1.2');
  connection.close();
  await expect(connectRaw(held.facts, { minVersion: 'TLSv1.3' })).rejects.toThrow();
  await held.close();
});
