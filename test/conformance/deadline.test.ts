import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EstExchange } from '../../electron/est/exchange.ts';
import { EstFixture, limits, maker, pkcs7 } from '../est-fixture.ts';
import { answer, type Reply } from '../scripted-server.ts';
import { endOf, observe } from './observe.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const exchangeMs = 600;

/** Sends these octets, then one more now and then, as long as anybody listens. */
const dripping =
  (first: string, drop: string): Reply =>
  (socket: TLSSocket) => {
    socket.write(first);
    const drip = setInterval(() => socket.write(drop), 50);
    socket.on('close', () => clearInterval(drip));
  };

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime\r\n';

describe('a request ends within a second of its deadline', () => {
  test.each<[string, Reply]>([
    ['nothing comes', () => undefined],
    ['a status line that drips', dripping('HTTP/1.1 200 ', 'x')],
    ['a head that drips', dripping(head, 'X')],
    ['headers without end', dripping(head, 'X: y\r\n')],
    ['interim answers without end', dripping('', 'HTTP/1.1 103 Early\r\n\r\n')],
    ['a body that drips', dripping(`${head}Content-Length: 60000\r\n\r\n`, 'A')],
    ['chunks that drip', dripping(`${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nA\r\n')],
    ['a body that only closing ends', dripping(`${head}\r\n`, 'A')],
    [
      'trailers without end',
      dripping(`${head}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X: y\r\n'),
    ],
  ])('%s', async (what, reply) => {
    await using talk = await fixture.talk([reply], { limits: { ...limits, exchangeMs } });
    const began = performance.now();
    const ended = await endOf(talk.exchange.cacerts());
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(exchangeMs - 50);
    expect(took).toBeLessThan(exchangeMs + 1000);
    observe('deadline', what, ended);
  });

  const operations: Readonly<Record<string, (exchange: EstExchange) => Promise<unknown>>> = {
    csrattrs: (exchange) => exchange.csrattrs(),
    crls: (exchange) => exchange.crls(),
    simpleenroll: (exchange) => exchange.enroll('simpleenroll', null, maker()),
    serverkeygen: (exchange) => exchange.serverkeygen(null, maker()),
    fullcmc: (exchange) => exchange.fullcmc(null, maker()),
  };
  test.each(Object.keys(operations))('%s as cacerts', async (operation) => {
    const reply = dripping(`${head}Content-Length: 60000\r\n\r\n`, 'A');
    await using talk = await fixture.talk([reply], { limits: { ...limits, exchangeMs } });
    const began = performance.now();
    const ended = await endOf(operations[operation]?.(talk.exchange) ?? Promise.resolve());
    expect(performance.now() - began).toBeLessThan(exchangeMs + 1000);
    observe('deadline', `${operation} that drips`, ended);
  });

  test('an answer within it is read', async () => {
    const { bag } = fixture;
    const slow: Reply = (socket) => {
      socket.write(`${head}Content-Length: ${bag.length}\r\n\r\n`);
      setTimeout(() => socket.write(bag), exchangeMs);
    };
    const script = [slow, answer(200, pkcs7, bag)];
    const later = { limits: { ...limits, exchangeMs: 20 * exchangeMs } };
    await using talk = await fixture.talk(script, later);
    observe('deadline', 'a slow answer in time', await endOf(talk.exchange.cacerts()));
  });
});
