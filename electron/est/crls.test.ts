import { beforeAll, describe, expect, it } from 'vitest';
import { ecKeys } from '../../test/certificate-draft.ts';
import { certifyCrl } from '../../test/crl-draft.ts';
import { EstFixture, limits, pkcs7, refusal } from '../../test/est-fixture.ts';
import { answer, type Reply } from '../../test/scripted-server.ts';
import { writeCrlsOnly } from '../pki/crls-only.ts';
import { writeCertsOnly } from '../practice/certs-only.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const list = certifyCrl({ issuer: 'CN=Lists', keys: ecKeys() });
const delta = certifyCrl({ issuer: 'CN=Lists', keys: ecKeys(), number: 2, base: 1 });
const base64 = (der: Buffer) => der.toString('base64');

async function ask(reply: Reply) {
  await using talk = await fixture.talk([reply]);
  return await talk.exchange.crls();
}

describe('the revocation lists of a server', () => {
  it('are asked for at /crls', async () => {
    await using talk = await fixture.talk([answer(200, pkcs7, base64(writeCrlsOnly([list])))]);
    await talk.exchange.crls();
    expect(talk.server.seen).toMatchObject([{ method: 'GET', path: '/.well-known/est/crls' }]);
  });

  it.each<[string, Record<string, string>, Buffer[]]>([
    ['one', pkcs7, [list]],
    ['several', pkcs7, [list, delta]],
    ['named', { 'Content-Type': 'application/pkcs7-mime; smime-type=crls-only' }, [list]],
  ])('are read: %s', async (_what, headers, lists) => {
    const { crls, warnings } = await ask(answer(200, headers, base64(writeCrlsOnly(lists))));
    expect(crls.map(base64).toSorted()).toEqual(lists.map(base64).toSorted());
    expect(warnings).toEqual([]);
  });

  it('may be none', async () => {
    expect(await ask(answer(204))).toEqual({ crls: [], warnings: [] });
  });

  it.each<[string, string, () => Reply]>([
    ['are not offered (404)', 'SERVER-02', () => answer(404)],
    ['are not offered (501)', 'SERVER-02', () => answer(501)],
    ['fail', 'SERVER-07', () => answer(500)],
    ['are empty', 'SERVER-09 it is empty', () => answer(200, pkcs7)],
    ['are HTML', 'SERVER-11', () => answer(200, { 'Content-Type': 'text/html' }, '<html>')],
    [
      'are certificates alone',
      'SERVER-09 it holds no CRL',
      () => answer(200, pkcs7, base64(writeCertsOnly([fixture.root.identity.der]))),
    ],
    [
      'are cut short',
      'SERVER-09',
      () => answer(200, pkcs7, base64(writeCrlsOnly([list.subarray(0, 40)]))),
    ],
    [
      'are no lists',
      'SERVER-09',
      () => answer(200, pkcs7, base64(writeCrlsOnly([fixture.root.identity.der]))),
    ],
    [
      'are too many',
      'SERVER-09',
      () => answer(200, pkcs7, base64(writeCrlsOnly(Array(limits.certificates + 1).fill(list)))),
    ],
  ])('that %s are refused with %s', async (_what, expected, reply) => {
    expect((await refusal(ask(reply()))).slice(0, expected.length)).toBe(expected);
  });

  it('are not fetched from a server nobody has vouched for', async () => {
    await using talk = await fixture.talk([], { trust: { kind: 'provisional' } });
    expect(await refusal(talk.exchange.crls())).toBe('TRUST-01');
    expect(talk.server.seen).toEqual([]);
  });
});
