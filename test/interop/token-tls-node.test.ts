import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loopback, serveTls } from '../loopback.ts';
import { askPage, crumblingRelay, keyKinds, TokenTlsBed, versions } from './token-tls-bed.ts';

/** What Node's TLS saw of its client. */
function pageOf(socket: TLSSocket): string {
  const { subject } = socket.getPeerCertificate();
  return [socket.getProtocol(), subject?.CN ?? 'NONE', socket.authorized].join('|');
}

describe('a Node server and a key on a token', () => {
  let bed: TokenTlsBed;

  beforeAll(async () => {
    bed = await TokenTlsBed.make();
  });
  afterAll(() => bed.close());

  async function serve(change: TlsOptions, identity = 'server'): Promise<Loopback> {
    const [cert, key] = await Promise.all(
      ['pem', 'key'].map((end) => readFile(join(bed.folder, `${identity}.${end}`))),
    );
    const options = { cert, key, ca: bed.root.pem, requestCert: true, ...change };
    return await serveTls(options, (socket) => {
      socket.once('data', () => socket.end(pageOf(socket)));
    });
  }

  describe.each(versions)('over %s', (version) => {
    const only = { minVersion: version, maxVersion: version } as const;

    it.each(keyKinds)('know the client by its %s key and long chain', async (kind) => {
      await using server = await serve({ ...only, rejectUnauthorized: true });
      const connection = await bed.connect(server.port, { credential: bed.credential(kind) });
      expect(await askPage(connection)).toBe(`${version}|client ${kind}|true`);
    });

    it('agree on an RSA server and packets of few bytes', async () => {
      await using server = await serve({ ...only, rejectUnauthorized: true }, 'rsa');
      await using relay = await crumblingRelay(server.port, 5);
      const connection = await bed.connect(relay.port, { credential: bed.credential('RSA') });
      expect(await askPage(connection)).toBe(`${version}|client RSA|true`);
    });

    it('agree on another group than the one offered first', async () => {
      await using server = await serve({ ...only, ecdhCurve: 'P-384', rejectUnauthorized: true });
      const connection = await bed.connect(server.port, { credential: bed.credential('P-384') });
      expect(await askPage(connection)).toBe(`${version}|client P-384|true`);
    });

    it('get along without a certificate where it is optional, or not asked for', async () => {
      await using optional = await serve({ ...only, rejectUnauthorized: false });
      expect(await askPage(await bed.connect(optional.port))).toBe(`${version}|NONE|false`);
      await using silent = await serve({ ...only, requestCert: false });
      const connection = await bed.connect(silent.port, { credential: bed.credential('P-256') });
      expect(await askPage(connection)).toBe(`${version}|NONE|false`);
    });

    it.each([
      // Node looks at who signed it when its handshake is over, and closes without an alert.
      ['a certificate of another CA', 'stranger', 'NET-04'],
      ['no certificate', null, 'TLS-03'],
    ] as const)('end the connection with %s', async (_, kind, code) => {
      await using server = await serve({ ...only, rejectUnauthorized: true });
      const credential = kind === null ? null : bed.credential(kind);
      const page = bed.connect(server.port, { credential }).then(askPage);
      await expect(page).rejects.toMatchObject({ code });
    });
  });
});
