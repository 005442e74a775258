import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../build/setup/project.mjs';
import { type ServerProgram, startProgram } from './server-program.ts';
import { askPage, crumblingRelay, keyKinds, TokenTlsBed, versions } from './token-tls-bed.ts';

const nginx = findProgram('nginx') ?? '';

/** `return` tells what nginx itself saw of the connection. */
const configuration = (port: number, settings: readonly string[]) => `
daemon off;
master_process off;
pid nginx-${port}.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_client_certificate root.pem;
    ssl_verify_depth 4;
    ${settings.map((setting) => `${setting};`).join('\n    ')}
    location / {
      return 200 "$ssl_protocol|$ssl_client_verify|$ssl_client_s_dn|$ssl_curves|$request";
    }
  }
}
`;

describe.skipIf(nginx === '')('nginx and a key on a token', () => {
  let bed: TokenTlsBed;

  beforeAll(async () => {
    bed = await TokenTlsBed.make();
  });
  afterAll(() => bed.close());

  function serve(settings: readonly string[], identity = 'server'): Promise<ServerProgram> {
    const own = [`ssl_certificate ${identity}.pem`, `ssl_certificate_key ${identity}.key`];
    return startProgram(
      nginx,
      async (port) => {
        const file = join(bed.folder, `nginx-${port}.conf`);
        await writeFile(file, configuration(port, [...own, ...settings]));
        return ['-p', bed.folder, '-c', file, '-e', 'stderr'];
      },
      bed.folder,
    );
  }

  describe.each(versions)('over %s', (version) => {
    it.each(keyKinds)('know the client by its %s key and long chain', async (kind) => {
      await using server = await serve([`ssl_protocols ${version}`, 'ssl_verify_client on']);
      const connection = await bed.connect(server.port, { credential: bed.credential(kind) });
      expect(connection.facts.protocol).toBe(version);
      expect(await askPage(connection)).toContain(`${version}|SUCCESS|CN=client ${kind}|`);
    });

    it('agree on an RSA server, small records, and packets of few bytes', async () => {
      const settings = [`ssl_protocols ${version}`, 'ssl_verify_client on', 'ssl_buffer_size 16'];
      await using server = await serve(settings, 'rsa');
      await using relay = await crumblingRelay(server.port, 5);
      const connection = await bed.connect(relay.port, { credential: bed.credential('RSA') });
      expect(await askPage(connection)).toContain(`${version}|SUCCESS|CN=client RSA|`);
    });

    it('agree on another group than the one offered first', async () => {
      const settings = [`ssl_protocols ${version}`, 'ssl_verify_client on'];
      await using server = await serve([...settings, 'ssl_ecdh_curve secp384r1']);
      // Over TLS 1.2 OpenSSL wants the client's own curve among these as well.
      const connection = await bed.connect(server.port, { credential: bed.credential('P-384') });
      expect(await askPage(connection)).toContain(`${version}|SUCCESS|CN=client P-384|`);
    });

    it('get along without a certificate where it is optional', async () => {
      const settings = [`ssl_protocols ${version}`, 'ssl_verify_client optional'];
      await using server = await serve(settings);
      expect(await askPage(await bed.connect(server.port))).toContain(`${version}|NONE||`);
      const connection = await bed.connect(server.port, { credential: bed.credential('P-384') });
      expect(await askPage(connection)).toContain(`${version}|SUCCESS|CN=client P-384|`);
    });

    it.each([
      ['no certificate', null, 'No required SSL certificate was sent'],
      ['a certificate of another CA', 'stranger', 'The SSL certificate error'],
    ] as const)('say 400 to %s', async (_, kind, words) => {
      await using server = await serve([`ssl_protocols ${version}`, 'ssl_verify_client on']);
      const credential = kind === null ? null : bed.credential(kind);
      const page = await askPage(await bed.connect(server.port, { credential }));
      expect(page).toMatch(/^HTTP\/1\.1 400 /);
      expect(page).toContain(words);
    });
  });
});
