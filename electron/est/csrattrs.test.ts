import { beforeAll, describe, expect, it } from 'vitest';
import { endOf, observe } from '../../test/conformance/observe.ts';
import { EstFixture, refusal } from '../../test/est-fixture.ts';
import { answer, type Reply, raw } from '../../test/scripted-server.ts';
import { type CsrAttributeItem, writeCsrAttributes } from '../pki/csr-attributes.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

async function ask(reply: Reply) {
  await using talk = await fixture.talk([reply]);
  return await talk.exchange.csrattrs();
}

const type = { 'Content-Type': 'application/csrattrs' };
/** SEQUENCE { OID challengePassword, OID ecdsa-with-SHA256 } */
const wanted = Buffer.from('301506092a864886f70d01090706082a8648ce3d040302', 'hex');

describe('the attributes a server wants', () => {
  it('are read from its answer', async () => {
    const attributes = await ask(answer(200, type, wanted.toString('base64')));
    expect(attributes).toMatchObject({
      der: wanted,
      asksForPop: true,
      oids: ['1.2.840.113549.1.9.7', '1.2.840.10045.4.3.2'],
      signatureAlgorithm: '1.2.840.10045.4.3.2',
    });
  });

  const oid = (number: string) => ({ oid: number });
  const many = Array.from({ length: 70 }, (_, index) => oid(`1.3.6.1.4.1.55555.${index + 1}`));
  const template = Buffer.from('3014060b2a864886f70d010910023d31053003020100', 'hex');

  it.each<[string, readonly CsrAttributeItem[], object]>([
    ['an attribute nobody knows', [oid('1.2.3.4')], { 'ATTRIBUTES-UNKNOWN': { oids: '1.2.3.4' } }],
    [
      'an attribute twice',
      [oid('1.2.840.113549.1.9.7'), oid('1.2.840.113549.1.9.7')],
      { 'ATTRIBUTES-REPEATED': { oids: '1.2.840.113549.1.9.7' } },
    ],
    [
      'an attribute beside a template',
      [oid('1.2.840.10045.4.3.2'), { attribute: template }],
      { 'ATTRIBUTES-OVERRIDDEN': { oids: '1.2.840.10045.4.3.2' } },
    ],
    [
      'very many attributes',
      many,
      {
        'ATTRIBUTES-UNKNOWN': { oids: expect.stringMatching(/^(?:1[.\d]+, ){8}… \(70\)$/) },
        'ATTRIBUTES-MANY': { count: 70 },
      },
    ],
  ])('are read and told with %s', async (_what, items, told) => {
    const body = writeCsrAttributes(items).toString('base64');
    const { warnings } = await ask(answer(200, type, body));
    expect(Object.fromEntries(warnings.map(({ code, params }) => [code, params]))).toEqual(told);
  });

  it.each<[string, Reply]>([
    ['204', answer(204)],
    ['404', answer(404, {}, 'not here')],
    ['501', answer(501)],
    ['200 without a body', answer(200, type)],
  ])('are none with %s', async (_how, reply) => {
    expect(await ask(reply)).toMatchObject({ der: null, asksForPop: false, oids: [], key: null });
  });

  it('are none with 204 that announces a body, which is waited for by nobody', async () => {
    const odd = raw('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n');
    await using talk = await fixture.talk([odd, answer(200, type, wanted.toString('base64'))]);
    expect(await talk.exchange.csrattrs()).toMatchObject({ der: null });
    expect(await talk.exchange.csrattrs()).toMatchObject({ der: wanted });
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
    observe('answer', '204 with a length', 'accept');
  });

  it('are none with 204 that has a body, which belongs to no answer', async () => {
    const odd = raw('HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n');
    await using talk = await fixture.talk([odd, answer(200, type, wanted.toString('base64'))]);
    const ended = await endOf(talk.exchange.csrattrs());
    expect(await talk.exchange.csrattrs()).toMatchObject({ der: wanted });
    expect(talk.server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
    observe('answer', '204 with a body', ended);
  });

  it.each<[string, Reply, string]>([
    ['of another type', answer(200, { 'Content-Type': 'text/html' }, 'MAA='), 'SERVER-11'],
    ['that is malformed', answer(200, type, 'MAEA'), 'SERVER-09'],
    ['that is no base64', answer(200, type, '<html>'), 'SERVER-09'],
    ['with 403', answer(403), 'SERVER-05'],
    ['with 500', answer(500), 'SERVER-07'],
  ])('are refused in an answer %s', async (_how, reply, code) => {
    expect((await refusal(ask(reply))).slice(0, code.length)).toBe(code);
  });
});
