import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  basic,
  basicChallenge,
  challenge,
  EstFixture,
  maker,
  pkcs7,
  refusal,
} from '../../test/est-fixture.ts';
import { answer, closing, type Reply } from '../../test/scripted-server.ts';
import { parseChallenges } from './challenge.ts';
import type { HttpAuthentication } from './exchange.ts';

const digest: HttpAuthentication = { ...basic, scheme: 'digest', username: 'estuser' };
const basicHeader = `Basic ${Buffer.from('estüser:estpwd').toString('base64')}`;

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
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
    ['with a redirect', basic, answer(307, { Location: 'https://other.example/' }), 'SERVER-14'],
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
