import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EstExchange } from '../../electron/est/exchange.ts';
import { basic, EstFixture, limits, maker, pkcs7 } from '../est-fixture.ts';
import { answer, closing, type Reply } from '../scripted-server.ts';
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

  /** An answer that comes when more than a third of the time has passed. */
  const slowly =
    (reply: Reply): Reply =>
    (socket, request) => {
      const timer = setTimeout(() => reply(socket, request), 0.4 * exchangeMs);
      socket.on('close', () => clearTimeout(timer));
    };
  const onward = (status: number) =>
    [1, 2, 3].map((step) => slowly(answer(status, { Location: `/.well-known/est/step-${step}` })));
  const unauthorized = slowly(answer(401, { 'WWW-Authenticate': 'Basic realm="est"' }));
  const elsewhere = { Location: '/.well-known/est/step-1', Connection: 'close' };
  const again = slowly(closing(answer(307, elsewhere)));
  const last = slowly(answer(200, pkcs7, 'MAA='));
  test.each<[string, readonly Reply[], (exchange: EstExchange) => Promise<unknown>]>([
    ['a question sent on and on', [...onward(307), last], (exchange) => exchange.cacerts()],
    [
      'a request sent on and on',
      [...onward(307), last],
      (exchange) => exchange.enroll('simpleenroll', null, maker()),
    ],
    [
      'a question challenged and sent on',
      [unauthorized, again, last],
      (exchange) => exchange.csrattrs(),
    ],
    [
      'a request challenged and sent on',
      [unauthorized, again, last],
      (exchange) => exchange.fullcmc(null, maker()),
    ],
    [
      'a probe for a challenge sent on and on',
      [...onward(307), last],
      (exchange) => exchange.settleAuthentication('simpleenroll'),
    ],
  ])('%s', async (what, script, operation) => {
    const change = { limits: { ...limits, exchangeMs }, authentication: basic };
    await using talk = await fixture.talk(script, change);
    const began = performance.now();
    const ended = await endOf(operation(talk.exchange));
    expect(performance.now() - began).toBeLessThan(exchangeMs + 1000);
    observe('deadline', what, ended);
  });

  test('what a token or a person takes for the request does not count', async () => {
    await using talk = await fixture.talk([fixture.certificates], {
      limits: { ...limits, exchangeMs },
    });
    const patient = async () => {
      await delay(exchangeMs + 100);
      return Buffer.alloc(300);
    };
    const ended = await endOf(talk.exchange.enroll('simpleenroll', null, patient));
    observe('deadline', 'a signature that takes longer', ended);
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
