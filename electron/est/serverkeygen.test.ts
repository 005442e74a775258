import { beforeAll, describe, expect, test } from 'vitest';
import { EstFixture, maker, refusal } from '../../test/est-fixture.ts';
import { answer } from '../../test/scripted-server.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const type = { 'Content-Type': 'multipart/mixed; boundary="--x y"' };
const key = Buffer.from('a private key in DER');
const clear = part('application/pkcs8', key.toString('base64'));
const enveloped = part(
  'application/pkcs7-mime; smime-type=server-generated-key',
  key.toString('base64'),
);
const certificates = () => part('application/pkcs7-mime; smime-type=certs-only', fixture.bag);

function part(contentType: string, body: string, encoding = 'base64'): string {
  const headers = `Content-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}`;
  return `----x y\r\n${headers}\r\n\r\n${body}\r\n`;
}

const whole = (...parts: string[]) => `${parts.join('')}----x y--\r\n`;

describe('a server-generated key', () => {
  test.each([
    ['first', 'clear', () => whole(clear, certificates())],
    ['last', 'clear', () => whole(certificates(), clear)],
    ['encrypted', 'enveloped', () => whole(enveloped, certificates())],
    ['encrypted, last', 'enveloped', () => whole(certificates(), enveloped)],
    [
      'in binary',
      'clear',
      () => whole(part('application/pkcs8', key.toString('latin1'), 'binary'), certificates()),
    ],
  ])('comes %s', async (_how, form, body) => {
    await using talk = await fixture.talk([answer(200, type, body())]);
    const issued = await talk.exchange.serverkeygen(null, maker());
    expect(issued).toEqual({
      kind: 'issued',
      certificates: [fixture.root.identity.der],
      key: { form, der: key },
      warnings: [],
    });
    expect(talk.server.seen[0]?.path).toBe('/.well-known/est/serverkeygen');
    expect(talk.server.seen[0]?.headers.get('accept')).toBe('multipart/mixed');
  });

  test('may have company that is passed over and told', async () => {
    const body = () => whole(part('text/plain', 'hello', '7bit'), certificates(), clear);
    await using talk = await fixture.talk([answer(200, type, body())]);
    const issued = await talk.exchange.serverkeygen(null, maker());
    expect(issued.kind === 'issued' && issued.warnings.map(({ code }) => code)).toEqual([
      'ANSWER-TOLERATED',
    ]);
  });

  test('may be pending', async () => {
    await using talk = await fixture.talk([answer(202, { 'Retry-After': '9' }, 'wait')]);
    const pending = await talk.exchange.serverkeygen(null, maker());
    expect(pending).toEqual({ kind: 'pending', retryAfterSeconds: 9 });
  });

  test.each([
    ['no certificate', () => whole(clear), 'SERVER-09'],
    ['no key', () => whole(certificates()), 'SERVER-09'],
    ['two keys', () => whole(clear, enveloped, certificates()), 'SERVER-09'],
    [
      'a key that is no base64',
      () => whole(part('application/pkcs8', '!'), certificates()),
      'SERVER-09',
    ],
    ['an empty body', () => '', 'SERVER-09'],
  ])('is refused with %s', async (_what, body, code) => {
    await using talk = await fixture.talk([answer(200, type, body())]);
    expect(await refusal(talk.exchange.serverkeygen(null, maker()))).toContain(code);
  });

  test.each([
    [404, 'SERVER-02'],
    [400, 'SERVER-06'],
    [500, 'SERVER-07'],
  ])('is refused by %i', async (status, code) => {
    await using talk = await fixture.talk([answer(status, {}, 'no such decrypt key')]);
    expect(await refusal(talk.exchange.serverkeygen(null, maker()))).toContain(code);
  });
});
