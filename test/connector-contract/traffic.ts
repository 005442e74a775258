import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientAuth } from '../authority.ts';
import { observe } from '../conformance/observe.ts';
import { serveTls } from '../loopback.ts';
import { serveOpenssl } from '../openssl-server.ts';
import { Fixture, failureOf, lateFailureOf, relayTo, type Subject } from './fixture.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** What travels over a connection, and which certificate of the client leaves when. */
export function describeTraffic(subject: Subject): void {
  describe.each(versions)('over %s', (version) => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await Fixture.make(subject);
    });

    it('carries bytes both ways and tells what was negotiated', async () => {
      await using server = await fixture.echo({ maxVersion: version });
      const connection = await fixture.connect(server.port);
      expect(connection.facts).toMatchObject({
        protocol: version,
        identifiedBy: 'name',
        extendedMasterSecret: version === 'TLSv1.2' ? true : null,
      });
      expect(connection.facts.cipherSuite).toMatch(/^TLS_/);
      expect(connection.facts.serverChain[0]).toEqual(fixture.honest.der);
      const sent = Buffer.alloc(300_000, 'station');
      connection.stream.end(sent);
      const chunks: Buffer[] = [];
      for await (const chunk of connection.stream) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    });

    it('gives the server the client certificate it asks for', async () => {
      const { root, honest } = fixture;
      const client = await root.issue({ commonName: 'Device', purposes: [clientAuth] });
      const { promise: seen, resolve } = Promise.withResolvers<TLSSocket>();
      const options = { cert: honest.pem, key: honest.keyPem, ca: root.identity.pem };
      await using server = await serveTls(
        { ...options, requestCert: true, maxVersion: version },
        resolve,
      );
      const credential = subject.credentialOf(client);
      const connection = await fixture.connect(server.port, { credential });
      const socket = await seen;
      expect(socket.authorized).toBe(true);
      expect(socket.getPeerX509Certificate()?.raw).toEqual(client.der);
      observe('client-certificate', `trusted by the server, ${version}`, 'accept');
      connection.close();
    });

    it('gives the server the issuers of the client certificate too', async () => {
      const { root, honest } = fixture;
      const middle = await root.subordinate('Issuing CA');
      const client = await middle.issue({ purposes: [clientAuth] });
      const { promise: seen, resolve } = Promise.withResolvers<TLSSocket>();
      const options = { cert: honest.pem, key: honest.keyPem, ca: root.identity.pem };
      await using server = await serveTls(
        { ...options, requestCert: true, maxVersion: version },
        resolve,
      );
      const chain = [client.der, middle.identity.der];
      const credential = { ...subject.credentialOf(client), chain };
      const connection = await fixture.connect(server.port, { credential });
      expect((await seen).authorized).toBe(true);
      connection.close();
    });

    it('asks for a host by its DNS name, never by its address, and for HTTP/1.1', async () => {
      const { pem: cert, keyPem: key } = fixture.honest;
      const asked: unknown[] = [];
      const ALPNProtocols = ['h2', 'http/1.1'];
      await using server = await serveTls(
        { cert, key, maxVersion: version, ALPNProtocols },
        (socket) => {
          asked.push([socket.servername, socket.alpnProtocol]);
          socket.pipe(socket);
        },
      );
      for (const name of ['localhost', '127.0.0.1']) {
        const { stream } = await fixture.connect(server.port, { host: name });
        stream.end('x');
        for await (const chunk of stream) expect(String(chunk)).toBe('x');
      }
      expect(asked).toEqual([
        ['localhost', 'http/1.1'],
        [false, 'http/1.1'],
      ]);
    });

    it.each(['X25519', 'P-256', 'P-384', 'P-521'])('agrees on a key over %s', async (ecdhCurve) => {
      await using server = await fixture.echo({ maxVersion: version, ecdhCurve });
      const connection = await fixture.connect(server.port);
      connection.stream.end('x');
      for await (const chunk of connection.stream) expect(String(chunk)).toBe('x');
    });

    it('keeps the client certificate from a server it does not trust', async () => {
      const client = await fixture.root.issue({ purposes: [clientAuth] });
      const { pem: cert, keyPem: key } = await fixture.other.issue({ ip: ['127.0.0.1'] });
      await using server = await serveTls({ cert, key, requestCert: true, maxVersion: version });
      await using relay = await relayTo(server.port);
      const plain = await failureOf(fixture.connect(relay.port));
      const hello = relay.sent();
      const credential = subject.credentialOf(client);
      const refused = await failureOf(fixture.connect(relay.port, { credential }));
      expect([plain.code, refused.code]).toEqual(['TRUST-02', 'TRUST-02']);
      // The ClientHello was all there was, with a credential as without; random parts vary a little.
      expect(hello).toBeGreaterThan(100);
      expect(Math.abs(relay.sent() - 2 * hello)).toBeLessThan(64);
    });

    it('says when the server refuses the client certificate', async () => {
      const client = await fixture.other.issue({ purposes: [clientAuth] });
      await using server = await serveOpenssl(fixture.honest, fixture.root.identity, version);
      const credential = subject.credentialOf(client);
      const { code } = await lateFailureOf(fixture.connect(server.port, { credential }));
      expect(code).toBe('TLS-03');
      observe('client-certificate', `not trusted by the server, ${version}`, `refuse ${code}`);
    });

    it('says when the server misses a client certificate', async () => {
      await using server = await serveOpenssl(fixture.honest, fixture.root.identity, version);
      const { code } = await lateFailureOf(fixture.connect(server.port));
      expect(code).toBe('TLS-03');
      observe('client-certificate', `missing, ${version}`, `refuse ${code}`);
    });

    it('meets a cut while it writes with errors of the catalogue only', async () => {
      await using server = await fixture.echo({ maxVersion: version });
      await using relay = await relayTo(server.port);
      const { stream } = await fixture.connect(relay.port);
      const closed = new Promise((resolve) => stream.on('close', resolve));
      stream.write(Buffer.alloc(1_000_000));
      relay.cut();
      stream.end('x');
      stream.resume();
      await closed;
      expect(stream.errored).toMatchObject({ code: 'NET-04' });
    });

    it('reports bytes that were cut off as such', async () => {
      await using server = await fixture.echo({ maxVersion: version });
      await using relay = await relayTo(server.port);
      const connection = await fixture.connect(relay.port);
      relay.cut();
      const error = await lateFailureOf(Promise.resolve(connection));
      expect(error.code).toBe('NET-04');
    });
  });
}
