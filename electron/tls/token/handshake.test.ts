import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { StationError } from '../../../shared/errors/station-error.ts';
import { Authority, clientAuth, type Identity } from '../../../test/authority.ts';
import { keySigner } from '../../../test/key-signer.ts';
import type { Conduct } from '../../../test/tls-server/conduct.ts';
import { groups } from '../../../test/tls-server/key-exchange.ts';
import { extension, extensionTypes } from '../../../test/tls-server/messages.ts';
import { serveConduct } from '../../../test/tls-server/server.ts';
import type { Connection, ConnectOptions } from '../connector.ts';
import { tokenConnector } from '../token-connector.ts';
import { alerts } from './failure.ts';

let root: Authority;
let server: Identity;
let client: Identity;
beforeAll(async () => {
  root = await Authority.root();
  server = await root.issue({ ip: ['127.0.0.1'] });
  client = await root.issue({ purposes: [clientAuth] });
});

function connect(port: number, change: Partial<ConnectOptions> = {}): Promise<Connection> {
  return tokenConnector.connect(
    { host: '127.0.0.1', port },
    {
      trust: {
        kind: 'anchors',
        anchors: [root.identity.der],
        origin: 'explicit',
        hostnameVerification: true,
      },
      credential: null,
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      connectMs: 10_000,
      tlsMs: 10_000,
      ...change,
    },
  );
}

const says =
  (text: string): NonNullable<Conduct['afterwards']> =>
  (session) => {
    session.perform({ kind: 'record', type: 23, bytes: Buffer.from(text) });
    session.flush();
  };

describe('a server that asks for its cookie back (RFC 8446 §4.2.2)', () => {
  it('gets it with the second ClientHello', async () => {
    const cookie = Buffer.from('000412345678', 'hex');
    const returned: (Buffer | undefined)[] = [];
    const conduct: Conduct = {
      version: 'TLSv1.3',
      retries: [groups.p256],
      retryHello: (hello) => ({
        ...hello,
        extensions: [...hello.extensions, extension(extensionTypes.cookie, cookie)],
      }),
      serverHello: (hello, { extensions }) => {
        returned.push(extensions.get(extensionTypes.cookie));
        return hello;
      },
    };
    await using scripted = await serveConduct(server, () => conduct);
    const connection = await connect(scripted.port);
    connection.close();
    expect(returned).toEqual([cookie]);
  });
});

describe('a server without the extended master secret (RFC 7627)', () => {
  it('is connected to, told of, and gives no exporter', async () => {
    const conduct: Conduct = {
      version: 'TLSv1.2',
      serverHello: (hello) => ({
        ...hello,
        extensions: hello.extensions.filter(
          ({ type }) => type !== extensionTypes.extendedMasterSecret,
        ),
      }),
    };
    await using scripted = await serveConduct(server, () => conduct);
    const connection = await connect(scripted.port);
    expect(connection.facts.extendedMasterSecret).toBe(false);
    expect(connection.channelBinding('tls-unique')).toHaveLength(12);
    expect(() => connection.channelBinding('tls-exporter')).toThrow(
      expect.objectContaining({ code: 'POP-06' }),
    );
    connection.close();
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a connection over %s', (version) => {
  it('gives what arrived before the server fell silent without close_notify', async () => {
    const conduct: Conduct = {
      version,
      afterwards: async (session) => {
        await says('half an answer')(session);
        session.perform({ kind: 'end' });
        session.flush();
      },
    };
    await using scripted = await serveConduct(server, () => conduct);
    const { stream } = await connect(scripted.port);
    let heard = '';
    const reading = (async () => {
      for await (const chunk of stream) heard += String(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'NET-04' });
    expect(heard).toBe('half an answer');
  });

  it('ends when the signer fails, with the signer’s error and an alert', async () => {
    const conduct: Conduct = { version, asksForCertificate: true };
    await using scripted = await serveConduct(server, () => conduct);
    const pulled = new StationError('CANCEL-01', { step: 'sign' });
    const signer = {
      ...keySigner(client.key),
      sign: () => Promise.reject(pulled),
    };
    const credential = { kind: 'keystore' as const, chain: [client.der], signer };
    await expect(connect(scripted.port, { credential })).rejects.toBe(pulled);
    await scripted.over();
    expect(scripted.last().alerts.at(-1)).toMatchObject({ description: alerts.internalError });
  });

  it('has a person asked before it connects, and forgets what was not used', async () => {
    const conduct: Conduct = { version, asksForCertificate: true };
    let connections = 0;
    await using scripted = await serveConduct(server, () => {
      connections++;
      return conduct;
    });
    const { promise: typed, resolve: type } = Promise.withResolvers<void>();
    const made = keySigner(client.key);
    let released = 0;
    const signer = {
      schemes: made.schemes,
      sign: () => Promise.reject(new Error('the prepared one signs')),
      prepare: async () => {
        await typed;
        return { sign: made.sign, release: () => void released++ };
      },
    };
    const credential = { kind: 'keystore' as const, chain: [client.der], signer };
    // Had the handshake waited for the answer, its time would be up.
    const waiting = connect(scripted.port, { credential, tlsMs: 1000 });
    await setTimeout(1500);
    expect(connections).toBe(0);
    type();
    (await waiting).close();
    expect(released).toBe(1);
    const trust = {
      kind: 'anchors',
      anchors: [client.der],
      origin: 'explicit',
      hostnameVerification: true,
    } as const;
    const refused = connect(scripted.port, { credential, trust });
    await expect(refused).rejects.toMatchObject({ code: 'TRUST-02' });
    expect(released).toBe(2);
  });

  it('waits for a signer that takes its time, and gives up with it when time is over', async () => {
    const conduct: Conduct = { version, asksForCertificate: true };
    await using scripted = await serveConduct(server, () => conduct);
    const { promise: touched, resolve: touch } = Promise.withResolvers<void>();
    const made = keySigner(client.key);
    const slow = {
      schemes: made.schemes,
      sign: async (...question: Parameters<typeof made.sign>) => {
        await touched;
        return made.sign(...question);
      },
    };
    const credential = { kind: 'keystore' as const, chain: [client.der], signer: slow };
    await expect(connect(scripted.port, { credential, tlsMs: 300 })).rejects.toMatchObject({
      code: 'TLS-04',
    });
    const waiting = connect(scripted.port, { credential });
    touch();
    (await waiting).close();
  });
});
