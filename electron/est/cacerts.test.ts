import { setInterval } from 'node:timers';
import { beforeAll, describe, expect, it } from 'vitest';
import { endOf, observe, refused, taken } from '../../test/conformance/observe.ts';
import { EstFixture, limits, pkcs7, refusal } from '../../test/est-fixture.ts';
import { answer, closing, type Reply, raw } from '../../test/scripted-server.ts';
import { writeCertsOnly } from '../practice/certs-only.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const head = (...lines: string[]) =>
  `${['HTTP/1.1 200 OK', 'Content-Type: application/pkcs7-mime', ...lines].join('\r\n')}\r\n\r\n`;

/** Asks a server that gives this one reply. */
async function ask(reply: Reply) {
  await using talk = await fixture.talk([reply]);
  return await talk.exchange.cacerts();
}

describe('the request for CA certificates', () => {
  it('names the host and, where there is one, the label', async () => {
    await using talk = await fixture.talk([fixture.certificates], { label: 'line3' });
    await talk.exchange.cacerts();
    const [request] = talk.server.seen;
    expect(request).toMatchObject({
      method: 'GET',
      path: '/.well-known/est/line3/cacerts',
      body: '',
    });
    expect(request?.headers.get('host')).toBe(`127.0.0.1:${talk.server.port}`);
    expect(request?.headers.has('authorization')).toBe(false);
    expect(request?.headers.has('transfer-encoding')).toBe(false);
  });

  it('uses one connection for several requests', async () => {
    await using talk = await fixture.talk([fixture.certificates, fixture.certificates]);
    await talk.exchange.cacerts();
    await talk.exchange.cacerts();
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('opens a new connection when the server has closed the first', async () => {
    const announced = answer(200, { ...pkcs7, Connection: 'close' }, fixture.bag);
    for (const first of [closing(fixture.certificates), announced]) {
      await using talk = await fixture.talk([first, fixture.certificates]);
      await talk.exchange.cacerts();
      await talk.exchange.cacerts();
      expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
    }
  });

  it('does not take what a server says out of turn for the next answer', async () => {
    const body = fixture.bag;
    const first = `${head(`Content-Length: ${body.length}`)}${body}`;
    const intruding = raw(`${first}HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nintruder`);
    await using talk = await fixture.talk([intruding, fixture.certificates]);
    await talk.exchange.cacerts().catch(() => undefined);
    expect((await talk.exchange.cacerts()).certificates).toHaveLength(1);
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});

describe('an answer with CA certificates', () => {
  const text = () => fixture.bag;
  const wrapped = (columns: number, end: string) =>
    (text().match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(end);

  it.each<[string, () => Reply]>([
    ['with Content-Length', () => raw(`${head(`Content-Length: ${text().length}`)}${text()}`)],
    ['ended by closing', () => closing(raw(`${head()}${text()}`))],
    [
      'in chunks',
      () =>
        raw(
          `${head('Transfer-Encoding: chunked')}a\r\n${text().slice(0, 10)}\r\n` +
            `${(text().length - 10).toString(16)};x=y\r\n${text().slice(10)}\r\n0\r\n\r\n`,
        ),
    ],
    ['wrapped at 64', () => answer(200, pkcs7, `${wrapped(64, '\n')}\n`)],
    ['wrapped at 76 with CRLF', () => answer(200, pkcs7, `${wrapped(76, '\r\n')}\r\n`)],
    ['with odd case', () => answer(200, { 'content-TYPE': 'APPLICATION/PKCS7-mime' }, text())],
    [
      'with parameters',
      () =>
        answer(200, { 'Content-Type': 'application/pkcs7-mime; smime-type="certs-only"' }, text()),
    ],
    [
      'with a nonsensical Content-Transfer-Encoding',
      () => answer(200, { ...pkcs7, 'Content-Transfer-Encoding': 'nonsense' }, text()),
    ],
    [
      'in DER that says so',
      () =>
        answer(
          200,
          { ...pkcs7, 'Content-Transfer-Encoding': 'binary' },
          Buffer.from(text(), 'base64'),
        ),
    ],
    ['after stray headers', () => answer(200, { ...pkcs7, Status: '200 OK', 'X-A': '' }, text())],
    [
      'after an interim response',
      () => raw(`HTTP/1.1 103 Early\r\n\r\n${head(`Content-Length: ${text().length}`)}${text()}`),
    ],
    [
      'one byte at a time',
      () => (socket) => {
        const whole = `${head(`Content-Length: ${text().length}`)}${text()}`;
        for (const character of whole) socket.write(character);
      },
    ],
    ['in one line', () => answer(200, pkcs7, text())],
    ['with spaces and tabs', () => answer(200, pkcs7, ` \t${wrapped(7, ' \t ')}\t\r\n `)],
  ])('is read %s', async (how, reply) => {
    const { certificates, warnings } = await ask(reply());
    expect(certificates).toEqual([fixture.root.identity.der]);
    expect(warnings).toEqual([]);
    observe('answer', how, taken(warnings));
  });

  it('is read without duplicates, and with a notice where it is unusual', async () => {
    const { der } = fixture.root.identity;
    const twice = writeCertsOnly([der, der]).toString('base64');
    const untyped = `HTTP/1.1 200 OK\r\nContent-Length: ${twice.length}\r\n\r\n${twice}`;
    const { certificates, warnings } = await ask(raw(untyped));
    expect(certificates).toEqual([der]);
    expect(warnings.map(({ code }) => code)).toEqual(['ANSWER-TOLERATED']);
    observe('answer', 'without a media type', taken(warnings));
  });

  it('is read in PEM armour, with a notice', async () => {
    const armoured = `-----BEGIN PKCS7-----\n${wrapped(64, '\n')}\n-----END PKCS7-----\n`;
    const { certificates, warnings } = await ask(answer(200, pkcs7, armoured));
    expect(certificates).toEqual([fixture.root.identity.der]);
    observe('answer', 'in PEM armour', taken(warnings));
  });

  it.each<[string, string, () => Reply]>([
    ['is cut off', 'SERVER-12', () => closing(raw(`${head('Content-Length: 5000')}${text()}`))],
    [
      'is cut off in chunks',
      'SERVER-12',
      () => closing(raw(`${head('Transfer-Encoding: chunked')}ff\r\nMII`)),
    ],
    [
      'is longer than it says',
      'SERVER-09 it is not HTTP',
      () => raw(`${head('Content-Length: 4')}!!!!${text()}`),
    ],
    ['ends before its head does', 'NET-04', () => closing(raw('HTTP/1.1 200 OK\r\nContent-Ty'))],
    ['has a negative length', 'SERVER-09', () => raw(head('Content-Length: -5'))],
    ['has a length that is no number', 'SERVER-09', () => raw(head('Content-Length: many'))],
    [
      'has two lengths',
      'SERVER-09',
      () => raw(`${head('Content-Length: 4', 'Content-Length: 5')}MII=`),
    ],
    [
      'has a length and chunks',
      'SERVER-09',
      () => raw(`${head('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`),
    ],
    ['is not HTTP', 'SERVER-09', () => raw('220 smtp.example ESMTP\r\n')],
    ['announces too much', 'SERVER-10', () => raw(head(`Content-Length: ${limits.bodyBytes + 1}`))],
    [
      'is too large without saying so',
      'SERVER-10',
      () => raw(`${head('Transfer-Encoding: chunked')}fffff\r\n${'A'.repeat(0xfffff)}\r\n`),
    ],
    ['has too large a head', 'SERVER-10', () => raw(head(`X-Filler: ${'x'.repeat(20_000)}`))],
    ['is empty', 'SERVER-09 it is empty', () => answer(200, pkcs7)],
    ['is HTML', 'SERVER-11', () => answer(200, { 'Content-Type': 'text/html' }, '<html>')],
    [
      'is DER that does not say so',
      'SERVER-09 it is not base64',
      () => answer(200, pkcs7, Buffer.from(text(), 'base64')),
    ],
    ['has no padding', 'SERVER-09', () => answer(200, pkcs7, 'MAMBAf8')],
    [
      'has characters outside the alphabet',
      'SERVER-09 it is not base64',
      () => answer(200, pkcs7, text().replace('M', '*')),
    ],
    ['is in the URL alphabet', 'SERVER-09 it is not base64', () => answer(200, pkcs7, 'MAMB_f8=')],
    [
      'is in broken PEM armour',
      'SERVER-09',
      () => answer(200, pkcs7, `-----BEGIN PKCS7-----\n${text()}\n`),
    ],
    ['is no CMS', 'SERVER-09', () => answer(200, pkcs7, 'MAMBAf8=')],
    ['is CMS cut short', 'SERVER-09', () => answer(200, pkcs7, text().slice(0, 100))],
    [
      'is a bare certificate',
      'SERVER-09',
      () => answer(200, pkcs7, fixture.root.identity.der.toString('base64')),
    ],
    [
      'holds no certificate',
      'SERVER-09 it holds no certificate',
      () => answer(200, pkcs7, writeCertsOnly([]).toString('base64')),
    ],
    [
      'holds too many certificates',
      'SERVER-09',
      () =>
        answer(
          200,
          pkcs7,
          writeCertsOnly(Array.from({ length: 9 }, () => fixture.root.identity.der)).toString(
            'base64',
          ),
        ),
    ],
    ['is 204', 'SERVER-09', () => answer(204)],
    ['is 202', 'SERVER-09', () => answer(202, { 'Retry-After': '5' })],
    ['is 404', 'SERVER-02', () => answer(404)],
    ['is 500', 'SERVER-07', () => answer(500, {}, '<h1>Oops</h1>')],
    ['is 503 with a wait', 'SERVER-08', () => answer(503, { 'Retry-After': '120' })],
  ])('that %s is refused with %s', async (how, expected, reply) => {
    const ended = await refusal(ask(reply()));
    expect(ended.slice(0, expected.length)).toBe(expected);
    observe('answer', how, refused(ended));
  });

  it('that never comes ends the exchange in time', async () => {
    const silent: Reply = () => undefined;
    const dripping: Reply = (socket) => {
      socket.write(head('Content-Length: 60000'));
      const drip = setInterval(() => socket.write('A'), 20);
      socket.on('close', () => clearInterval(drip));
    };
    for (const [how, reply] of [
      ['never comes', silent] as const,
      ['drips in', dripping] as const,
    ]) {
      await using talk = await fixture.talk([reply], { limits: { ...limits, exchangeMs: 250 } });
      observe('answer', how, await endOf(talk.exchange.cacerts()));
    }
  });

  it('that a person does not wait for is given up', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await using talk = await fixture.talk([() => controller.abort()], { signal });
    expect(await refusal(talk.exchange.cacerts())).toBe('CANCEL-01');
  });
});

describe('an unknown label', () => {
  it('is told by 400, as long as the label never answered', async () => {
    const script = [answer(400), fixture.certificates, answer(400, {}, 'bad')];
    await using talk = await fixture.talk(script, { label: 'line3' });
    expect(await refusal(talk.exchange.cacerts())).toBe('SERVER-01');
    await talk.exchange.cacerts();
    expect(await refusal(talk.exchange.cacerts())).toBe('SERVER-06');
  });
});

describe('a redirect', () => {
  const to = (location: string, status = 302) => answer(status, { Location: location });

  it.each([301, 302, 303, 307, 308])('%i within the origin is followed', async (status) => {
    await using talk = await fixture.talk([to('/est/ca?x=1', status), fixture.certificates]);
    const verdict = await endOf(talk.exchange.cacerts());
    expect(talk.server.seen.map(({ path }) => path)).toEqual([
      '/.well-known/est/cacerts',
      '/est/ca?x=1',
    ]);
    observe('redirect', `a question, same origin, ${status}`, verdict);
  });

  it.each([
    ['another host', 'https://127.0.0.2/cacerts'],
    ['another port', 'https://127.0.0.1:1/cacerts'],
    ['plain HTTP', 'http://127.0.0.1/cacerts'],
    ['another scheme', 'file:///etc/passwd'],
    ['nowhere', 'https://'],
  ])('to %s is not followed', async (where, location) => {
    await using talk = await fixture.talk([to(location)]);
    const ended = await refusal(talk.exchange.cacerts());
    expect(ended).toBe('SERVER-14');
    expect(talk.server.seen).toHaveLength(1);
    observe('redirect', `a question to ${where}`, refused(ended));
  });

  it('in a circle ends', async () => {
    const round = to('/.well-known/est/cacerts');
    await using talk = await fixture.talk(Array.from({ length: 9 }, () => round));
    observe('redirect', 'a question, a loop', await endOf(talk.exchange.cacerts()));
    expect(talk.server.seen).toHaveLength(4);
  });
});
