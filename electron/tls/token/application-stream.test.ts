import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Authority, type Identity } from '../../../test/authority.ts';
import { type Conduct, sendAlert, sendRecord } from '../../../test/tls-server/conduct.ts';
import { serveConduct } from '../../../test/tls-server/server.ts';
import type { Connection } from '../connector.ts';
import { tokenConnector } from '../token-connector.ts';
import { alerts } from './failure.ts';

let root: Authority;
let server: Identity;
beforeAll(async () => {
  root = await Authority.root();
  server = await root.issue({ ip: ['127.0.0.1'] });
});

function connect(port: number): Promise<Connection> {
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
    },
  );
}

const data = 23;

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('the plain bytes over %s', (version) => {
  const saying = (afterwards: NonNullable<Conduct['afterwards']>): Conduct => ({
    version,
    afterwards,
  });

  it('wait with the server while nobody reads, and arrive whole', async () => {
    const records = 300;
    const conduct = saying((session) => {
      for (let count = 0; count < records; count++) {
        session.perform(sendRecord(data, Buffer.alloc(16_000, count)));
      }
      session.perform(sendAlert(0));
      session.flush();
    });
    await using scripted = await serveConduct(server, () => conduct);
    const { stream } = await connect(scripted.port);
    await once(stream, 'readable');
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(stream.readableLength).toBeLessThan(200_000);
    let heard = 0;
    for await (const chunk of stream) heard += chunk.length;
    expect(heard).toBe(records * 16_000);
  });

  it('reach the server in order, whatever their number, and end with a goodbye', async () => {
    await using scripted = await serveConduct(server, () => saying(() => undefined));
    const { stream } = await connect(scripted.port);
    const parts = [1, 16_384, 16_385, 200_000].map((size, index) => Buffer.alloc(size, index));
    for (const part of parts) stream.write(part);
    stream.end();
    stream.resume();
    await scripted.over();
    expect(scripted.last().data.equals(Buffer.concat(parts))).toBe(true);
    expect(scripted.last().alerts.map(({ description }) => description)).toEqual([
      alerts.closeNotify,
    ]);
  });

  it('end with the server’s goodbye', async () => {
    const conduct = saying((session) => {
      session.perform(sendRecord(data, Buffer.from('last words')));
      session.perform(sendAlert(0));
      session.flush();
    });
    await using scripted = await serveConduct(server, () => conduct);
    const { stream } = await connect(scripted.port);
    let heard = '';
    for await (const chunk of stream) heard += String(chunk);
    expect(heard).toBe('last words');
    expect(stream.errored).toBeNull();
  });

  it('keep the server’s alert for whoever comes later', async () => {
    const conduct = saying((session) => {
      session.perform(sendAlert(46));
      session.flush();
    });
    await using scripted = await serveConduct(server, () => conduct);
    const { stream } = await connect(scripted.port);
    if (!stream.closed) await once(stream, 'close').catch(() => undefined);
    expect(stream.errored).toMatchObject({ code: 'TLS-03' });
  });

  it('are not written to a server that is gone before its alert was read', async () => {
    const connected = Promise.withResolvers<Connection>();
    const conduct = saying(async (session) => {
      const { stream } = await connected.promise;
      session.perform(sendAlert(46));
      session.perform({ kind: 'reset' });
      stream.write('request');
    });
    await using scripted = await serveConduct(server, () => conduct);
    const { stream } = await connect(scripted.port).then((connection) => {
      connected.resolve(connection);
      return connection;
    });
    await once(stream, 'close').catch(() => undefined);
    expect(stream.errored).toMatchObject({ code: 'TLS-03' });
  });

  it('give no key away once they are closed, in either direction', async () => {
    await using scripted = await serveConduct(server, () => saying(() => undefined));
    const connection = await connect(scripted.port);
    connection.close();
    expect(() => connection.channelBinding('tls-exporter')).toThrow(
      expect.objectContaining({ code: 'POP-06' }),
    );
    const refused = new Promise((resolve) => connection.stream.write('late', resolve));
    expect(await refused).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
    await scripted.over();
    expect(scripted.last().data).toHaveLength(0);
    expect(scripted.last().alerts.at(-1)?.description).toBe(alerts.closeNotify);
  });
});
