import { beforeAll, describe, expect, it } from 'vitest';
import { observe } from '../conformance/observe.ts';
import { closedPort, serveTcp } from '../loopback.ts';
import { Fixture, failureOf, host, type Subject } from './fixture.ts';

/** What a person is told when no connection comes about. */
export function describeFailures(subject: Subject): void {
  describe('a failed connection', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await Fixture.make(subject);
    });

    it('to a port nobody listens on is refused', async () => {
      const port = await closedPort();
      const error = await failureOf(fixture.connect(port));
      expect(error).toMatchObject({ code: 'NET-01', params: { endpoint: `${host}:${port}` } });
    });

    it('to a name nobody knows is a matter of the name', async () => {
      const error = await failureOf(fixture.connect(443, { host: 'station.invalid' }));
      expect(error).toMatchObject({ code: 'NET-02', params: { host: 'station.invalid' } });
    });

    it('to a server that stays silent ends in time', async () => {
      await using server = await serveTcp(() => undefined);
      const error = await failureOf(fixture.connect(server.port, { tlsMs: 200 }));
      expect(error).toMatchObject({ code: 'TLS-04', params: { seconds: 0.2 } });
    });

    it('to a server that sends a byte now and then ends in time too', async () => {
      await using server = await serveTcp((socket) => {
        const drip = setInterval(() => socket.write(Buffer.of(22)), 20);
        socket.on('close', () => clearInterval(drip));
      });
      const error = await failureOf(fixture.connect(server.port, { tlsMs: 300 }));
      expect(['TLS-04', 'TLS-01']).toContain(error.code);
    });

    it.each([
      ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
      ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
      ['SMTP', '220 mail.example ESMTP\r\n'],
    ])('to a server that speaks %s says that it is not TLS', async (_protocol, greeting) => {
      await using server = await serveTcp((socket) => {
        socket.once('data', () => socket.end(greeting));
      });
      expect((await failureOf(fixture.connect(server.port))).code).toBe('NET-05');
    });

    it('that the server closes at once or after the first message was cut off', async () => {
      await using atOnce = await serveTcp((socket) => socket.end());
      await using afterHello = await serveTcp((socket) => {
        socket.once('data', () => socket.resetAndDestroy());
      });
      await using midway = await serveTcp((socket) => {
        // The header of a ServerHello, and no more of it.
        socket.once('data', () => socket.end(Buffer.from('160303007a', 'hex')));
      });
      for (const { port } of [atOnce, afterHello, midway]) {
        const { code } = await failureOf(fixture.connect(port));
        expect(code).toBe('NET-04');
        observe('tls', 'the server closes during the handshake', `refuse ${code}`);
      }
    });

    it('to a server of TLS 1.1 names the versions', async () => {
      await using server = await fixture.echo({
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      });
      const error = await failureOf(fixture.connect(server.port));
      expect(error).toMatchObject({ code: 'TLS-02', params: { versions: 'TLSv1.2, TLSv1.3' } });
      observe('tls', 'TLS 1.1', `refuse ${error.code}`);
    });

    it('held at TLS 1.2, to a server of TLS 1.3, names the version', async () => {
      await using server = await fixture.echo({ minVersion: 'TLSv1.3' });
      const error = await failureOf(fixture.connect(server.port, { maxTls: 'TLSv1.2' }));
      expect(error).toMatchObject({ code: 'TLS-02', params: { versions: 'TLSv1.2' } });
    });

    it.each(['AECDH-NULL-SHA', 'ADH-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-SHA', 'NULL'])(
      'to a server that offers %s only finds no common ground',
      async (suite) => {
        await using server = await fixture.echo({
          maxVersion: 'TLSv1.2',
          ciphers: `${suite}:@SECLEVEL=0`,
        });
        const error = await failureOf(fixture.connect(server.port));
        expect(error.code).toBe('TLS-01');
        expect(error.params.detail).toMatch(/no common ground/);
        observe('tls', `the suite ${suite} offered only`, `refuse ${error.code}`);
      },
    );

    it('that a person cancels ends at once', async () => {
      await using server = await serveTcp(() => undefined);
      const controller = new AbortController();
      const attempt = failureOf(fixture.connect(server.port, { signal: controller.signal }));
      controller.abort();
      expect((await attempt).code).toBe('CANCEL-01');
      const again = failureOf(fixture.connect(server.port, { signal: controller.signal }));
      expect((await again).code).toBe('CANCEL-01');
    });

    it('with a key that is not the certificate’s makes no signature for the server', async () => {
      const [one, two] = await Promise.all([fixture.root.issue(), fixture.root.issue()]);
      const { chain } = subject.credentialOf(one);
      const credential = { ...subject.credentialOf(two), chain };
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        await using server = await fixture.echo({ requestCert: true, maxVersion: version });
        const error = await failureOf(fixture.connect(server.port, { credential }));
        expect(error.code).toBe('TLS-05');
        expect(error.params.detail).toMatch(/do not belong together/);
        observe('client-certificate', `for another key, ${version}`, `refuse ${error.code}`);
      }
    });

    it('with a credential that cannot be read sends nothing', async () => {
      const other = subject.credentialOf(await fixture.root.issue());
      const port = await closedPort();
      const without = await failureOf(
        fixture.connect(port, { credential: { ...other, chain: [] } }),
      );
      const spoilt = [Buffer.from('3000', 'hex')];
      const broken = await failureOf(
        fixture.connect(port, { credential: { ...other, chain: spoilt } }),
      );
      expect([without.code, broken.code]).toEqual(['TLS-05', 'TLS-05']);
    });
  });
}
