import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { fetchCaCertificatesProvisionally } from '../../electron/est/bootstrap.ts';
import { parseChallenges } from '../../electron/est/challenge.ts';
import type { HttpAuthentication } from '../../electron/est/exchange.ts';
import { openExchange } from '../../electron/est/open-exchange.ts';
import { Authority } from '../authority.ts';
import { challenge, EstFixture, host, maker, pkcs7, request } from '../est-fixture.ts';
import { answer, closing, type Reply, scripted } from '../scripted-server.ts';
import { endOf, observe } from './observe.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const username = 'estuser';
const password = Buffer.from('estpwd');
const digest: HttpAuthentication = { scheme: 'digest', username, password };
const basic: HttpAuthentication = { scheme: 'basic', username, password };

type Seen = Parameters<Reply>[1];

const fieldsOf = ({ headers }: Seen) =>
  Object.fromEntries(parseChallenges([headers.get('authorization') ?? ''])[0]?.parameters ?? []);

/** RFC 7616 §3.4.1, written down once more for the server's side. */
function expectedResponse({ method, path, body, ...seen }: Seen, realm: string): string {
  const { algorithm = 'MD5', nonce, nc, cnonce, qop } = fieldsOf({ method, path, body, ...seen });
  const name = algorithm.replace(/-sess$/, '');
  const hash = (text: string) =>
    createHash({ MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }[name] ?? name)
      .update(text, 'latin1')
      .digest('hex');
  const secret = hash(`${username}:${realm}:${password.toString('latin1')}`);
  const key = algorithm.endsWith('-sess') ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const entity = qop === 'auth-int' ? `:${hash(body)}` : '';
  const action = hash(`${method}:${path}${entity}`);
  return qop === undefined
    ? hash(`${key}:${nonce}:${action}`)
    : hash(`${key}:${nonce}:${nc}:${cnonce}:${qop}:${action}`);
}

/** Certificates for the right Digest response, 403 for a wrong one. */
const judging =
  (realm: string, wanted: Readonly<Record<string, string>> = {}): Reply =>
  (socket, seen) => {
    const fields = fieldsOf(seen);
    const right = fields.response === expectedResponse(seen, realm);
    const chosen = Object.entries(wanted).every(([name, value]) => fields[name] === value);
    (right && chosen ? fixture.certificates : answer(403))(socket, seen);
  };

async function enrolled(
  script: readonly Reply[],
  authentication: HttpAuthentication,
): Promise<{ verdict: string; seen: readonly Seen[] }> {
  await using talk = await fixture.talk(script, { authentication });
  const attempt = async () => {
    await talk.exchange.settleAuthentication('simpleenroll');
    const issued = await talk.exchange.enroll('simpleenroll', null, maker());
    if (issued.kind === 'pending') throw new Error('it waits');
    return issued;
  };
  return { verdict: await endOf(attempt()), seen: talk.server.seen };
}

describe('Digest', () => {
  const nonce = 'nonce="7ypf/xlj9XXwfDPEoM4URrv"';
  test.each<[string, string, Readonly<Record<string, string>>, string?]>([
    ['Digest with SHA-512-256', `realm="r", ${nonce}, qop="auth", algorithm=SHA-512-256`, {}],
    ['Digest with MD5', `realm="r", ${nonce}, qop="auth", algorithm=MD5`, {}],
    ['Digest without qop', `realm="r", ${nonce}`, {}],
    ['Digest with SHA-256-sess', `realm="r", ${nonce}, qop="auth", algorithm=SHA-256-sess`, {}],
    [
      'Digest with SHA-512-256-sess',
      `realm="r", ${nonce}, qop="auth", algorithm=SHA-512-256-sess`,
      {},
    ],
    ['Digest with MD5-sess', `realm="r", ${nonce}, qop="auth", algorithm=MD5-sess`, {}],
    [
      'Digest with auth-int',
      `realm="r", ${nonce}, qop="auth-int", algorithm=SHA-256`,
      { qop: 'auth-int' },
    ],
    [
      'Digest with unquoted parameters',
      'realm=r, nonce=abc, qop=auth, algorithm=SHA-256, stale=false',
      {},
    ],
    [
      'Digest with every parameter quoted',
      `realm="r", ${nonce}, qop="auth", algorithm="SHA-256", stale="false"`,
      {},
    ],
    [
      'Digest with a comma in a quoted value',
      `realm="works, line 3", ${nonce}, qop="auth", algorithm=SHA-256`,
      {},
      'works, line 3',
    ],
    [
      'Digest, the strongest of several',
      `realm="r", ${nonce}, qop="auth", algorithm=MD5, Digest realm="r", ${nonce}, qop="auth", ` +
        `algorithm=SHA-512-256, Digest realm="r", ${nonce}, qop="auth", algorithm=SHA-256`,
      { algorithm: 'SHA-512-256' },
    ],
    [
      'Digest, an unknown algorithm beside a known one',
      `realm="r", ${nonce}, qop="auth", algorithm=SHA3-512, ` +
        `Digest realm="r", ${nonce}, qop="auth", algorithm=SHA-256`,
      { algorithm: 'SHA-256' },
    ],
  ])('%s is answered as the RFC says', async (title, offer, wanted, realm = 'r') => {
    const script = [challenge(`Digest ${offer}`), judging(realm, wanted)];
    const { verdict, seen } = await enrolled(script, digest);
    expect(seen).toHaveLength(2);
    observe('authentication', title, verdict);
  });

  test('takes the next nonce the server names', async () => {
    const named: Reply = (socket, seen) =>
      answer(202, { ...pkcs7, 'Authentication-Info': 'nextnonce="n2"' })(socket, seen);
    const script = [challenge('Digest realm="r", nonce="n1", qop="auth"'), named, judging('r')];
    await using talk = await fixture.talk(script, { authentication: digest });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, maker());
    const again = talk.exchange.enroll('simpleenroll', null, maker());
    observe('authentication', 'Digest, nextnonce', await endOf(again));
    expect(talk.server.seen.slice(1).map((seen) => fieldsOf(seen).nonce)).toEqual(['n1', 'n2']);
  });

  test.each([
    ['Digest with an empty realm', 'realm="", nonce="n"'],
    ['Digest without realm', 'nonce="n"'],
    ['Digest with an empty nonce', 'realm="r", nonce=""'],
    ['Digest without nonce', 'realm="r"'],
    ['Digest with an empty qop', 'realm="r", nonce="n", qop=""'],
    ['Digest with an unknown algorithm', 'realm="r", nonce="n", algorithm=X'],
  ])('%s is not answered', async (title, offer) => {
    const { verdict, seen } = await enrolled([challenge(`Digest ${offer}`)], digest);
    expect(seen).toHaveLength(1);
    observe('authentication', title, verdict);
  });

  test('that is stale again and again ends', async () => {
    const stale = challenge('Digest realm="r", nonce="n", stale=true');
    const { verdict, seen } = await enrolled([stale, stale, stale, stale], digest);
    expect(seen).toHaveLength(3);
    observe('authentication', 'Digest, stale again and again', verdict);
  });
});

describe('Basic', () => {
  test.each([
    ['Basic, user and password in UTF-8', 'Jürgen', 'grüße €'],
    ['Basic, empty user the server knows', '', 'estpwd'],
  ])('%s', async (title, user, secret) => {
    const right = `Basic ${Buffer.from(`${user}:${secret}`, 'utf8').toString('base64')}`;
    const judge: Reply = (socket, seen) =>
      (seen.headers.get('authorization') === right ? fixture.certificates : answer(403))(
        socket,
        seen,
      );
    const script = [challenge('Basic realm="r", charset="UTF-8"'), judge];
    const credentials = { scheme: 'basic', username: user, password: Buffer.from(secret) } as const;
    observe('authentication', title, (await enrolled(script, credentials)).verdict);
  });
});

describe('credentials', () => {
  const asks = challenge('Basic realm="r"');

  test.each<[string, readonly Reply[], number]>([
    ['401 without a challenge', [answer(401)], 1],
    ['401 twice', [asks, asks], 2],
    ['401 twice, the second closing', [asks, closing(asks)], 2],
  ])('%s ends there', async (title, script, requests) => {
    const { verdict, seen } = await enrolled([...script, fixture.certificates], basic);
    expect(seen).toHaveLength(requests);
    observe('credentials', title, verdict);
  });

  test('are not sent to a server that asks for none', async () => {
    const { verdict, seen } = await enrolled([answer(400), fixture.certificates], basic);
    expect(seen.some(({ headers }) => headers.has('authorization'))).toBe(false);
    observe('credentials', 'never before a challenge', verdict);
  });

  test.each<[string, () => Promise<Parameters<typeof scripted>[0]>]>([
    [
      'never to a server under an unknown root',
      async () => await (await Authority.root('Another Root')).issue({ ip: [host] }),
    ],
    ['never to a server of another name', () => fixture.root.issue({ dns: ['other.example'] })],
  ])('%s', async (title, identity) => {
    await using server = await scripted(await identity(), [asks, fixture.certificates]);
    const options = fixture.options(server.port, { authentication: basic });
    const verdict = await endOf(
      openExchange(options).then((exchange) => exchange.settleAuthentication('simpleenroll')),
    );
    expect(server.seen).toEqual([]);
    observe('credentials', title, verdict);
  });

  test('stay behind when a question or a request goes to another origin', async () => {
    await using other = await scripted(fixture.identity, [fixture.certificates]);
    const away = answer(307, { Location: `https://${host}:${other.port}/est` });
    const change = { authentication: basic, otherOrigins: 'requests' } as const;
    await using talk = await fixture.talk([asks, away], change);
    await talk.exchange.settleAuthentication('simpleenroll');
    const issued = talk.exchange.enroll('simpleenroll', null, maker());
    const verdict = await endOf(issued);
    expect(talk.server.seen.at(-1)?.headers.has('authorization')).toBe(true);
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]?.headers.has('authorization')).toBe(false);
    expect(Buffer.from(other.seen[0]?.body ?? '', 'base64')).toEqual(request);
    observe('credentials', 'never to another origin', verdict);
  });

  test('are unknown to the bootstrap', async () => {
    await using server = await scripted(fixture.identity, [asks, fixture.certificates]);
    const { connector, port, label, minTls, maxTls, limits } = fixture.options(server.port);
    const options = { connector, host, port, label, minTls, maxTls, limits };
    const verdict = await endOf(fetchCaCertificatesProvisionally(options));
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.headers.has('authorization')).toBe(false);
    observe('credentials', 'never at the bootstrap', verdict);
  });
});
