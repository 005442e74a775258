import { sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { EstFixture, maker, refusal } from '../../test/est-fixture.ts';
import { answer } from '../../test/scripted-server.ts';
import { writeFullResponse } from '../pki/cmc/full-response.ts';

let fixture: EstFixture;
let response: Buffer;

beforeAll(async () => {
  fixture = await EstFixture.make();
  const { der, key } = fixture.root.identity;
  response = await writeFullResponse(
    {
      status: { status: 'failed', text: 'no', failure: 'badAlg', pending: null },
      olderStatus: false,
      parts: [1],
      transactionId: null,
      recipientNonce: null,
      senderNonce: Buffer.of(1),
      certificates: [],
    },
    {
      chain: [der],
      signatureAlgorithm: 'SHA256WITHECDSA',
      sign: async (data) => sign('sha256', data, key),
    },
  );
});

const cmc = { 'Content-Type': 'application/pkcs7-mime; smime-type=CMC-response' };

describe('a Full PKI Request', () => {
  test('is sent as RFC 7030 §4.3.1 wants it', async () => {
    await using talk = await fixture.talk([fixture.certificates]);
    const issued = await talk.exchange.fullcmc(null, maker());
    expect(issued).toMatchObject({ kind: 'issued', certificates: [fixture.root.identity.der] });
    const [seen] = talk.server.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/.well-known/est/fullcmc' });
    expect(seen?.headers.get('content-type')).toBe(
      'application/pkcs7-mime; smime-type=CMC-request',
    );
  });

  test.each([200, 400, 403, 500])('takes a CMC response with status %i unread', async (status) => {
    await using talk = await fixture.talk([answer(status, cmc, response.toString('base64'))]);
    expect(await talk.exchange.fullcmc(null, maker())).toEqual({
      kind: 'response',
      der: response,
      warnings: [],
    });
  });

  test.each([
    ['in words', 400, 'SERVER-06', {}, 'no'],
    ['in CMC that is none', 400, 'SERVER-06', cmc, Buffer.from('garbage').toString('base64')],
    ['in base64 that is none', 500, 'SERVER-07', cmc, '%%%'],
    ['with certificates', 403, 'SERVER-05', cmc, 'bag'],
    ['because it is not offered', 404, 'SERVER-02', {}, ''],
    ['by good news that are none', 200, 'SERVER-09', cmc, Buffer.from('x').toString('base64')],
  ])('refused %s with %i is %s', async (_how, status, code, headers, body) => {
    const text = body === 'bag' ? fixture.bag : body;
    await using talk = await fixture.talk([answer(status, headers, text)]);
    expect((await refusal(talk.exchange.fullcmc(null, maker()))).slice(0, 9)).toBe(code);
    expect(talk.server.seen).toHaveLength(1);
  });

  test('may have to wait', async () => {
    await using talk = await fixture.talk([answer(202, { 'Retry-After': '9' }, 'wait')]);
    expect(await talk.exchange.fullcmc(null, maker())).toEqual({
      kind: 'pending',
      retryAfterSeconds: 9,
    });
  });
});
