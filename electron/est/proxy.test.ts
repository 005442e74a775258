import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EstFixture, host, refusal } from '../../test/est-fixture.ts';
import { closedPort, serveTcp } from '../../test/loopback.ts';
import { scripted } from '../../test/scripted-server.ts';
import { openExchange } from './open-exchange.ts';

let fixture: EstFixture;

beforeAll(async () => {
  fixture = await EstFixture.make();
});

/** A proxy that knows CONNECT; `admit` answers something else than 200, or nothing. */
async function proxy(admit: (head: string) => string | null) {
  const heads: string[] = [];
  const server = await serveTcp((client) => {
    let head = '';
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      client.off('data', read);
      heads.push(head);
      const answer = admit(head);
      if (answer === null) return;
      if (answer.startsWith('HTTP/1.1 200')) tunnel(client, head, answer);
      else client.end(answer);
    };
    client.on('data', read);
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { port: server.port, heads };
}

function tunnel(client: Socket, head: string, answer: string): void {
  const [, name = '', port = ''] = /^CONNECT (.+):(\d+) /.exec(head) ?? [];
  const server = connect(Number(port), name, () => {
    client.write(answer);
    client.pipe(server).pipe(client);
  });
  server.on('error', () => client.destroy());
  client.on('close', () => server.destroy());
}

const open = 'HTTP/1.1 200 Connection established\r\n\r\n';

async function cacertsThrough(
  port: number,
  user: { username: string; password: Buffer } | null = null,
) {
  const server = await scripted(fixture.identity, [fixture.certificates]);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const route = { host, port, username: user?.username ?? null, password: user?.password ?? null };
  const exchange = await openExchange(
    fixture.options(server.port, {
      proxy: route,
      limits: { ...fixture.options(1).limits, connectMs: 1000 },
    }),
  );
  onTestFinished(() => exchange.close());
  return await exchange.cacerts();
}

describe('a proxy', () => {
  test('carries TLS to the server, which is judged as ever', async () => {
    const { port, heads } = await proxy(() => open);
    expect((await cacertsThrough(port)).certificates).toHaveLength(1);
    expect(heads[0]).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    expect(heads[0]).not.toContain('Proxy-Authorization');
  });

  test('gets the user name and password when the route has them', async () => {
    const expected = Buffer.from('prox\u00fcuser:s3cret').toString('base64');
    const { port, heads } = await proxy((head) =>
      head.includes(`Proxy-Authorization: Basic ${expected}\r\n`)
        ? open
        : 'HTTP/1.1 407 No\r\n\r\n',
    );
    const user = { username: 'prox\u00fcuser', password: Buffer.from('s3cret') };
    expect((await cacertsThrough(port, user)).certificates).toHaveLength(1);
    expect(await refusal(cacertsThrough(port))).toBe('NET-09');
    expect(heads).toHaveLength(2);
  });

  test.each([
    ['403', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'NET-08 status 403'],
    ['502', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'NET-08 status 502'],
    ['407', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'NET-09'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'NET-08 its answer is not HTTP'],
    ['a head without end', 'x'.repeat(20_000), 'NET-08 its answer has no end'],
    ['a close', '', 'NET-08 it closed the connection'],
    ['silence', null, 'NET-08 it did not answer within 1 s'],
  ])('that answers with %s is told as what it is', async (_, answer, expected) => {
    const { port } = await proxy(() => answer);
    expect(await refusal(cacertsThrough(port))).toBe(expected);
  });

  test('that nobody runs is told as out of reach', async () => {
    expect(await refusal(cacertsThrough(await closedPort()))).toMatch(/^NET-10 .*refused/);
  });
});
