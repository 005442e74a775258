import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { EstFixture, pkcs7, refusal } from '../../test/est-fixture.ts';
import { answer, closing, type Reply } from '../../test/scripted-server.ts';
import { parseChallenges } from './challenge.ts';
import type { HttpAuthentication, MakeRequest } from './exchange.ts';

const request = Buffer.from(`3081c8${'00'.repeat(200)}`, 'hex');
const basic: HttpAuthentication = {
  scheme: 'basic',
  username: 'estüser',
  password: Buffer.from('estpwd'),
};
const digest: HttpAuthentication = { ...basic, scheme: 'digest', username: 'estuser' };
const basicHeader = `Basic ${Buffer.from('estüser:estpwd').toString('base64')}`;
const challenge = (value: string, headers = {}): Reply =>
  answer(401, { 'WWW-Authenticate': value, ...headers });
const basicChallenge = challenge('Basic realm="estrealm"');

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

/** A request maker that counts its calls and remembers the bindings. */
function maker(): MakeRequest & { readonly bindings: (string | null)[] } {
  const bindings: (string | null)[] = [];
  const make: MakeRequest = async (binding) => {
    bindings.push(binding?.toString('base64') ?? null);
    return request;
  };
  return Object.assign(make, { bindings });
}

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

describe('HTTP authentication', () => {
  it('is settled before the request is made, and travels with it', async () => {
    const make = maker();
    await using talk = await fixture.talk([basicChallenge, fixture.certificates], {
      authentication: basic,
    });
    await talk.exchange.settleAuthentication('simpleenroll');
    expect(make.bindings).toEqual([]);
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, make);
    const [probe, post] = talk.server.seen;
    expect(probe).toMatchObject({ method: 'POST', body: '', connection: 1 });
    expect(probe?.headers.get('content-length')).toBe('0');
    expect(probe?.headers.has('authorization')).toBe(false);
    expect(post?.headers.get('authorization')).toBe(basicHeader);
    expect(post?.connection).toBe(1);
    expect(make.bindings).toHaveLength(1);
  });

  it('is not offered to a server that does not ask for it', async () => {
    const script = [answer(400), fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: basic });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, maker());
    expect(talk.server.seen.some(({ headers }) => headers.has('authorization'))).toBe(false);
  });

  it('answers a challenge that comes only with the request, once', async () => {
    const make = maker();
    const script = [answer(400), basicChallenge, fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: basic });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, make);
    expect(talk.server.seen.at(-1)?.headers.get('authorization')).toBe(basicHeader);
    expect(make.bindings).toHaveLength(1);
  });

  it('is answered for csrattrs too', async () => {
    const script = [basicChallenge, answer(204)];
    await using talk = await fixture.talk(script, { authentication: basic });
    expect(await talk.exchange.csrattrs()).toMatchObject({ der: null, oids: [] });
    expect(talk.server.seen.at(-1)?.headers.get('authorization')).toBe(basicHeader);
  });

  it.each<[string, HttpAuthentication, Reply, string]>([
    ['without a challenge', basic, answer(401), 'SERVER-04'],
    [
      'with another scheme',
      basic,
      challenge('Negotiate, Digest realm="r", nonce="n"'),
      'SERVER-15',
    ],
    ['with Basic where digest is wanted', digest, basicChallenge, 'SERVER-15'],
    [
      'with a Digest that is malformed',
      digest,
      challenge('Digest realm="r"'),
      'SERVER-09 the Digest challenge has no nonce',
    ],
    [
      'with an unknown Digest',
      digest,
      challenge('Digest realm="r", nonce="n", algorithm=X'),
      'SERVER-09 the Digest algorithm X is not known',
    ],
    ['with 404', basic, answer(404), 'SERVER-02'],
    ['with 503', basic, answer(503, { 'Retry-After': '9' }), 'SERVER-08'],
    ['with a redirect', basic, answer(307, { Location: '/other' }), 'SERVER-14'],
  ])('that the probe meets %s ends there', async (_how, authentication, reply, expected) => {
    await using talk = await fixture.talk([reply], { authentication });
    expect(await refusal(talk.exchange.settleAuthentication('simpleenroll'))).toBe(expected);
    expect(talk.server.seen).toHaveLength(1);
  });

  it('that is refused is not tried again', async () => {
    for (const refused of [basicChallenge, answer(401), closing(answer(401))]) {
      await using talk = await fixture.talk([basicChallenge, refused, fixture.certificates], {
        authentication: basic,
      });
      await talk.exchange.settleAuthentication('simpleenroll');
      expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-03');
      expect(talk.server.seen).toHaveLength(2);
    }
  });

  it('that the profile lacks is named', async () => {
    await using talk = await fixture.talk([basicChallenge]);
    await talk.exchange.settleAuthentication('simpleenroll');
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-16');
  });

  it('refuses a user name with a colon before anything of it is sent', async () => {
    await using talk = await fixture.talk([basicChallenge, fixture.certificates], {
      authentication: { ...basic, username: 'a:b' },
    });
    await talk.exchange.settleAuthentication('simpleenroll');
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('PROFILE-02');
    expect(talk.server.seen).toHaveLength(1);
  });

  it('allows an empty user name', async () => {
    await using talk = await fixture.talk([basicChallenge, fixture.certificates], {
      authentication: { ...basic, username: '' },
    });
    await talk.exchange.enroll('simpleenroll', null, maker());
    const expected = `Basic ${Buffer.from(':estpwd').toString('base64')}`;
    expect(talk.server.seen.at(-1)?.headers.get('authorization')).toBe(expected);
  });
});

describe('Digest authentication', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const offer = (nonce: string, more = '') =>
    challenge(
      `Basic realm="b", Digest realm="r", nonce="${nonce}", qop="auth", algorithm=SHA-256${more}`,
    );
  const fieldsOf = (header: string | undefined) =>
    Object.fromEntries(parseChallenges([header ?? ''])[0]?.parameters ?? []);

  it('covers method and path, and counts the uses of a nonce', async () => {
    const script = [offer('n1'), fixture.certificates, fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: digest });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, maker());
    await talk.exchange.enroll('simpleenroll', null, maker());
    const [first, second] = talk.server.seen
      .slice(1)
      .map(({ headers }) => fieldsOf(headers.get('authorization')));
    const key = sha256('estuser:r:estpwd');
    const action = sha256('POST:/.well-known/est/simpleenroll');
    expect([first?.nc, second?.nc]).toEqual(['00000001', '00000002']);
    expect(first?.response).toBe(sha256(`${key}:n1:00000001:${first?.cnonce}:auth:${action}`));
  });

  it('takes a new nonce when the old one is stale, and the next one the server names', async () => {
    const named = answer(200, { ...pkcs7, 'Authentication-Info': 'nextnonce="n3"' }, fixture.bag);
    const script = [offer('n1'), offer('n2', ', stale=true'), named, fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: digest });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, maker());
    await talk.exchange.enroll('simpleenroll', null, maker());
    const used = talk.server.seen.slice(1).map(({ headers }) => {
      const { nonce, nc } = fieldsOf(headers.get('authorization'));
      return [nonce, nc];
    });
    expect(used).toEqual([
      ['n1', '00000001'],
      ['n2', '00000001'],
      ['n3', '00000001'],
    ]);
  });

  it('that is refused is not tried again with the same password', async () => {
    await using talk = await fixture.talk([offer('n1'), offer('n2')], { authentication: digest });
    await talk.exchange.settleAuthentication('simpleenroll');
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-03');
  });

  it('that is stale again and again ends', async () => {
    const stale = offer('n', ', stale=true');
    await using talk = await fixture.talk([offer('n1'), stale, stale, stale], {
      authentication: digest,
    });
    await talk.exchange.settleAuthentication('simpleenroll');
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-03');
    expect(talk.server.seen).toHaveLength(3);
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
