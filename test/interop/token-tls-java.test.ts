import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../build/setup/project.mjs';
import { startProgram } from './server-program.ts';
import { askPage, crumblingRelay, keyKinds, TokenTlsBed, versions } from './token-tls-bed.ts';

const run = promisify(execFile);
const source = fileURLToPath(new URL('jsse/TlsServer.java', import.meta.url));
const runs =
  process.env.EST_STATION_FULL === '1' &&
  findProgram('javac') !== null &&
  findProgram('openssl') !== null;

describe.skipIf(!runs)(
  'a Java (JSSE) server and a key on a token, in the full run',
  () => {
    let bed: TokenTlsBed;

    beforeAll(async () => {
      bed = await TokenTlsBed.make();
      await run('javac', ['-d', bed.folder, source]);
      for (const name of ['server', 'rsa']) {
        const files = ['-inkey', `${name}.key`, '-in', `${name}.pem`, '-out', `${name}.p12`];
        const options = ['-name', name, '-passout', 'pass:changeit'];
        await run('openssl', ['pkcs12', '-export', ...files, ...options], { cwd: bed.folder });
      }
    }, 120_000);
    afterAll(() => bed.close());

    const serve = (
      version: string,
      wish: 'need' | 'want',
      identity = 'server',
      settings: readonly string[] = [],
    ) =>
      startProgram(
        'java',
        (port) => [
          ...['-XX:TieredStopAtLevel=1', ...settings, '-cp', bed.folder],
          ...['TlsServer', String(port)],
          ...[join(bed.folder, `${identity}.p12`), join(bed.folder, 'root.pem'), version, wish],
        ],
        bed.folder,
      );

    describe.each(versions)('over %s', (version) => {
      it('know the client by each of its keys, an RSA server in small packets too', async () => {
        await using server = await serve(version, 'need');
        for (const kind of keyKinds) {
          const connection = await bed.connect(server.port, { credential: bed.credential(kind) });
          expect(await askPage(connection)).toContain(`${version}|CN=client ${kind}`);
        }
        await using rsa = await serve(version, 'need', 'rsa');
        await using relay = await crumblingRelay(rsa.port, 5);
        const connection = await bed.connect(relay.port, { credential: bed.credential('RSA') });
        expect(await askPage(connection)).toContain(`${version}|CN=client RSA`);
      });

      it('agree on another group than the one offered first', async () => {
        await using server = await serve(version, 'need', 'server', [
          '-Djdk.tls.namedGroups=secp384r1,secp256r1',
        ]);
        const connection = await bed.connect(server.port, { credential: bed.credential('P-384') });
        expect(await askPage(connection)).toContain(`${version}|CN=client P-384`);
      });

      it('get along without a certificate where it is only wished for', async () => {
        await using server = await serve(version, 'want');
        expect(await askPage(await bed.connect(server.port))).toContain(`${version}|NONE`);
      });

      it('refuse a certificate of another CA', async () => {
        await using server = await serve(version, 'need');
        const credential = bed.credential('stranger');
        const page = bed.connect(server.port, { credential }).then(askPage);
        await expect(page).rejects.toMatchObject({ code: 'TLS-03' });
      });
    });

    it('change keys over TLS 1.3 when Java wants to', async () => {
      const limits = join(bed.folder, 'limits');
      await writeFile(limits, 'jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 20\n');
      const settings = [`-Djava.security.properties=${limits}`, '-Djavax.net.debug=ssl:handshake'];
      await using server = await serve('TLSv1.3', 'need', 'server', settings);
      const connection = await bed.connect(server.port, { credential: bed.credential('P-256') });
      expect(await askPage(connection)).toContain('TLSv1.3|CN=client P-256');
      await server.prints('Produced KeyUpdate post-handshake message');
    });
  },
  120_000,
);
