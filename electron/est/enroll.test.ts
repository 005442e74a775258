import { beforeAll, describe, expect, it } from 'vitest';
import { observe, taken } from '../../test/conformance/observe.ts';
import {
  basic,
  basicChallenge,
  challenge,
  EstFixture,
  maker,
  pkcs7,
  refusal,
  request,
} from '../../test/est-fixture.ts';
import { answer, closing, type Reply } from '../../test/scripted-server.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

describe('an enrollment request', () => {
  it('is sent as every server accepts it', async () => {
    await using talk = await fixture.talk([fixture.certificates]);
    await talk.exchange.enroll('simplereenroll', null, maker());
    const [seen] = talk.server.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/.well-known/est/simplereenroll' });
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      'content-type': 'application/pkcs10',
      'content-transfer-encoding': 'base64',
      'content-length': String(seen?.body.length),
    });
    expect(seen?.headers.has('transfer-encoding')).toBe(false);
    expect(seen?.body).toMatch(/^([A-Za-z0-9+/]{64}\n)+[A-Za-z0-9+/]+=*\n$/);
    expect(Buffer.from(seen?.body ?? '', 'base64')).toEqual(request);
  });

  it('brings the certificates of the answer, also a bare one', async () => {
    const { der, pem } = fixture.root.identity;
    const bare = answer(200, { 'Content-Type': 'application/pkix-cert' }, pem);
    await using talk = await fixture.talk([fixture.certificates, bare]);
    const proper = await talk.exchange.enroll('simpleenroll', null, maker());
    const odd = await talk.exchange.enroll('simpleenroll', null, maker());
    expect(proper).toEqual({ kind: 'issued', certificates: [der], warnings: [] });
    expect(odd).toMatchObject({ kind: 'issued', certificates: [der] });
    expect(odd.kind === 'issued' && odd.warnings.map(({ code }) => code)).toEqual([
      'ANSWER-TOLERATED',
      'ANSWER-TOLERATED',
    ]);
  });

  it.each<[string, (der: Buffer, pem: string) => Reply]>([
    ['PEM', (_, pem) => answer(200, { 'Content-Type': 'application/pkix-cert' }, pem)],
    ['base64', (der) => answer(200, pkcs7, der.toString('base64'))],
    [
      'DER',
      (der) =>
        answer(
          200,
          { 'Content-Type': 'application/pkix-cert', 'Content-Transfer-Encoding': 'binary' },
          der,
        ),
    ],
  ])('brings a bare certificate in %s, with a notice', async (form, reply) => {
    const { der, pem } = fixture.root.identity;
    await using talk = await fixture.talk([reply(der, pem)]);
    const issued = await talk.exchange.enroll('simpleenroll', null, maker());
    if (issued.kind !== 'issued') throw new Error(issued.kind);
    expect(issued.certificates).toEqual([der]);
    observe('answer', `is a bare certificate in ${form}, to an enrollment`, taken(issued.warnings));
  });

  it.each<[string, Record<string, string>, number | null]>([
    ['with seconds', { 'Retry-After': '3600' }, 3600],
    ['with a date of the past', { 'Retry-After': 'Sat, 21 Nov 2020 08:00:00 GMT' }, 0],
    ['with nonsense', { 'Retry-After': 'later' }, null],
    ['without a wait', {}, null],
  ])('may be pending %s', async (_how, headers, retryAfterSeconds) => {
    await using talk = await fixture.talk([answer(202, headers, 'please wait')]);
    const pending = await talk.exchange.enroll('simpleenroll', null, maker());
    expect(pending).toEqual({ kind: 'pending', retryAfterSeconds });
  });

  it('may be pending in an answer that only closing ends', async () => {
    const open: Reply = (socket) => socket.end('HTTP/1.1 202 Accepted\r\nRetry-After: 9\r\n\r\n');
    await using talk = await fixture.talk([open]);
    const pending = await talk.exchange.enroll('simpleenroll', null, maker());
    expect(pending).toEqual({ kind: 'pending', retryAfterSeconds: 9 });
  });

  it.each<[number, string]>([
    [201, 'SERVER-09'],
    [204, 'SERVER-09'],
    [302, 'SERVER-14'],
    [400, 'SERVER-06'],
    [401, 'SERVER-04'],
    [403, 'SERVER-05'],
    [404, 'SERVER-02'],
    [409, 'SERVER-06'],
    [415, 'SERVER-06'],
    [429, 'SERVER-06'],
    [500, 'SERVER-07'],
    [503, 'SERVER-07'],
  ])('refused with %i says so with %s, and is sent once', async (status, code) => {
    await using talk = await fixture.talk([answer(status, { Location: '/elsewhere' }, 'words')]);
    const attempt = talk.exchange.enroll('simpleenroll', null, maker());
    expect((await refusal(attempt)).slice(0, code.length)).toBe(code);
    expect(talk.server.seen).toHaveLength(1);
  });

  it('is never sent again after silence', async () => {
    const dropping: Reply = (socket) => socket.destroy();
    await using talk = await fixture.talk([fixture.certificates, dropping, fixture.certificates]);
    await talk.exchange.cacerts();
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('NET-04');
    expect(talk.server.seen).toHaveLength(2);
  });
});

describe('a request bound to its connection', () => {
  const tls = { maxVersion: 'TLSv1.2' } as const;

  it('travels over the connection it is bound to, after a probe that closes its own', async () => {
    for (const probed of [basicChallenge, closing(basicChallenge)]) {
      const make = maker();
      const script = [probed, fixture.certificates];
      await using talk = await fixture.talk(script, { authentication: basic }, tls);
      await talk.exchange.settleAuthentication('simpleenroll');
      await talk.exchange.enroll('simpleenroll', 'tls-unique', make);
      expect(make.bindings).toEqual([talk.server.seen[1]?.tlsUnique]);
    }
  });

  it('is made anew, once, when the challenge takes the connection with it', async () => {
    const make = maker();
    const script = [
      closing(challenge('Basic realm="x"', { Connection: 'close' })),
      fixture.certificates,
    ];
    await using talk = await fixture.talk(script, { authentication: basic }, tls);
    await talk.exchange.enroll('simpleenroll', 'tls-unique', make);
    expect(make.bindings).toEqual(talk.server.seen.map(({ tlsUnique }) => tlsUnique));
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('is not made anew when the connection survives the challenge', async () => {
    const make = maker();
    const script = [basicChallenge, fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: basic }, tls);
    await talk.exchange.enroll('simpleenroll', 'tls-unique', make);
    expect(make.bindings).toHaveLength(1);
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('cannot be made over TLS 1.3', async () => {
    const make = maker();
    await using talk = await fixture.talk([fixture.certificates]);
    expect(await refusal(talk.exchange.enroll('simpleenroll', 'tls-unique', make))).toMatch(
      /^POP-06/,
    );
    expect(make.bindings).toEqual([]);
    expect(talk.server.seen).toEqual([]);
  });

  it('that cannot be made is not sent', async () => {
    await using talk = await fixture.talk([fixture.certificates]);
    const attempt = talk.exchange.enroll('simpleenroll', null, async () => {
      throw new Error('the token is gone');
    });
    await expect(attempt).rejects.toThrow('the token is gone');
    expect(talk.server.seen).toEqual([]);
  });
});
