import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Authority, clientAuth, type Identity } from '../authority.ts';
import { certify, ecKeys, type Keys, rsaKeys } from '../certificate-draft.ts';
import { discardFolder } from '../discard-folder.ts';
import { type Conduct, type ServerIdentity, sendMessage, sendRecord } from './conduct.ts';
import { groups } from './key-exchange.ts';
import { message } from './messages.ts';
import { serveConduct } from './server.ts';
import { suiteNumbers } from './suites.ts';

const greeting = Buffer.from('greeting');
/** Says something, so that both directions are seen to work. */
const greets: Pick<Conduct, 'afterwards'> = {
  afterwards: (session) => {
    session.perform(sendRecord(23, greeting));
    session.flush();
  },
};

const conducts: readonly [string, Conduct, 'ec' | 'rsa'][] = [
  ['TLS 1.2, ECDSA', { version: 'TLSv1.2' }, 'ec'],
  ['TLS 1.2, RSA', { version: 'TLSv1.2' }, 'rsa'],
  [
    'TLS 1.2, AES-256, P-384',
    { version: 'TLSv1.2', suite: suiteNumbers.ecdsaAes256, group: groups.p384 },
    'ec',
  ],
  ['TLS 1.3, ECDSA', { version: 'TLSv1.3' }, 'ec'],
  ['TLS 1.3, RSA', { version: 'TLSv1.3' }, 'rsa'],
  [
    'TLS 1.3, AES-256, HelloRetryRequest for P-384',
    { version: 'TLSv1.3', suite: suiteNumbers.aes256Sha384, retries: [groups.p384] },
    'ec',
  ],
  [
    'TLS 1.3, KeyUpdate',
    {
      version: 'TLSv1.3',
      afterwards: (session) => {
        session.perform(sendMessage(message('KeyUpdate', Buffer.of(0))));
        session.changeKeys();
        greets.afterwards?.(session);
      },
    },
    'ec',
  ],
];

describe('the scripted TLS server, when honest', () => {
  let root: Authority;
  let servers: Readonly<Record<'ec' | 'rsa', ServerIdentity>>;
  let client: Identity;

  beforeAll(async () => {
    root = await Authority.root();
    client = await root.issue({ commonName: 'Device', purposes: [clientAuth] });
    servers = { ec: selfSigned(ecKeys()), rsa: selfSigned(rsaKeys()) };
  });

  function selfSigned(keys: Keys): ServerIdentity {
    return { der: certify({ subject: 'CN=localhost', keys }), key: keys.privateKey };
  }

  async function byNode(port: number, options: ConnectionOptions): Promise<Buffer> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    socket.setTimeout(10_000, () => socket.destroy(new Error('nothing came')));
    const [received] = await once(socket, 'data');
    socket.write('answer');
    socket.end();
    await once(socket, 'close');
    return received;
  }

  it.each(conducts)('serves node:tls over %s', async (_name, conduct, kind) => {
    await using server = await serveConduct(servers[kind], () => ({ ...greets, ...conduct }));
    const options = conduct.retries ? { ecdhCurve: 'X25519:P-384' } : {};
    expect(await byNode(server.port, { ...options, minVersion: conduct.version })).toEqual(
      greeting,
    );
    await server.over();
    expect(server.last()).toMatchObject({ complete: true, data: Buffer.from('answer') });
    expect(server.last().alerts).toEqual([{ level: 1, description: 0 }]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'checks a client certificate of node:tls over %s',
    async (version) => {
      const conduct = { ...greets, version, asksForCertificate: true };
      await using server = await serveConduct(servers.ec, () => conduct);
      await byNode(server.port, { cert: client.pem, key: client.keyPem });
      expect(server.last().certificates).toEqual([client.der]);
      await byNode(server.port, {});
      expect(server.last()).toMatchObject({ complete: true, certificates: [] });
    },
  );

  it.each(conducts)('serves openssl s_client over %s', async (_name, conduct, kind) => {
    const folder = await mkdtemp(join(tmpdir(), 'tls-server-'));
    onTestFinished(() => discardFolder(folder));
    await writeFile(join(folder, 'client.pem'), client.keyPem + client.pem);
    await using server = await serveConduct(servers[kind], () => ({
      ...greets,
      ...conduct,
      asksForCertificate: true,
    }));
    const program = execFile(
      'openssl',
      [
        ...['s_client', '-connect', `127.0.0.1:${server.port}`, '-quiet', '-groups'],
        conduct.retries ? 'X25519:P-384' : 'X25519:P-256:P-384',
        conduct.version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
        ...['-cert', 'client.pem', '-key', 'client.pem'],
      ],
      { cwd: folder },
    );
    onTestFinished(() => void program.kill());
    const [text] = await once(program.stdout ?? program, 'data');
    expect(String(text)).toBe('greeting');
    expect(server.last()).toMatchObject({ complete: true, certificates: [client.der] });
  });
});
