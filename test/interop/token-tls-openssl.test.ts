import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpensslServer, startOpenssl, versionOption } from '../openssl-server.ts';
import { keyKinds, TokenTlsBed, type Version, versions } from './token-tls-bed.ts';

/** The handshake messages of a client that signs in, as `openssl s_server -msg` names them. */
const fromClient: Readonly<Record<Version, readonly string[]>> = {
  'TLSv1.2': ['ClientHello', 'Certificate', 'ClientKeyExchange', 'CertificateVerify', 'Finished'],
  'TLSv1.3': ['ClientHello', 'Certificate', 'CertificateVerify', 'Finished'],
};

describe('openssl s_server and a key on a token', () => {
  let bed: TokenTlsBed;

  beforeAll(async () => {
    bed = await TokenTlsBed.make();
  });
  afterAll(() => bed.close());

  async function serve(version: Version): Promise<OpensslServer> {
    const chain = join(bed.folder, 'server.pem');
    const identity = {
      pem: await readFile(chain, 'utf8'),
      keyPem: await readFile(join(bed.folder, 'server.key'), 'utf8'),
    };
    return await startOpenssl(identity, bed.root, [
      ...versionOption[version],
      ...['-cert_chain', chain, '-Verify', '4', '-verify_return_error', '-msg'],
      ...['-keymatexport', 'EXPORTER-Channel-Binding', '-keymatexportlen', '32'],
    ]);
  }

  it('go on with new keys when OpenSSL asks for them', async () => {
    await using server = await serve('TLSv1.3');
    const connection = await bed.connect(server.port, { credential: bed.credential('P-256') });
    connection.stream.resume();
    connection.stream.write('before\n');
    await server.says(/^before$/);
    server.type('K\n');
    await server.says(/^<<< TLS 1\.3, Handshake .*, KeyUpdate$/);
    connection.stream.write('after\n');
    await server.says(/^after$/);
    connection.close();
  });

  describe.each(versions)('over %s', (version) => {
    it.each(keyKinds)('see the same handshake and binding with its %s key', async (kind) => {
      await using server = await serve(version);
      const connection = await bed.connect(server.port, { credential: bed.credential(kind) });
      connection.stream.write('done\n');
      await server.says(/^done$/);
      const printed = server.printed();
      expect(printed).toContain(`CN = client ${kind}`);
      expect(printed).toMatch(
        new RegExp(`^<<< ${version.replace('v', ' ')}, Handshake .*, Finished$`, 'm'),
      );
      expect(connection.facts.protocol).toBe(version);
      const received = [...printed.matchAll(/^<<< TLS 1\.[23], Handshake .*, (\w+)$/gm)];
      expect(received.map(([, name]) => name)).toEqual(fromClient[version]);
      if (version === 'TLSv1.2') {
        const finished = /^<<< .*, Finished\n +14 00 00 0c ((?:[\da-f]{2} ?){12})/m.exec(printed);
        const theirs = (finished?.[1] ?? '').replaceAll(' ', '');
        expect(connection.channelBinding('tls-unique').toString('hex')).toBe(theirs);
      } else {
        const theirs = /Keying material: ([\dA-F]{64})/.exec(printed)?.[1];
        const ours = connection.channelBinding('tls-exporter').toString('hex');
        expect(ours.toUpperCase()).toBe(theirs);
      }
      connection.close();
    });
  });
});
