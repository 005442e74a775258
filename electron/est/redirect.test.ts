import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Authority } from '../../test/authority.ts';
import { basic, basicChallenge, EstFixture, host, maker, refusal } from '../../test/est-fixture.ts';
import { answer, closing, type Reply, scripted } from '../../test/scripted-server.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const to = (location: string, status = 307) => answer(status, { Location: location });

/** Another server of the same CA: another port is another origin. */
async function another(script: readonly Reply[], identity = fixture.identity) {
  const server = await scripted(identity, script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { ...server, url: `https://${host}:${server.port}/est/elsewhere`, seen: server.seen };
}

describe('a redirected request', () => {
  it.each([307, 308])('with %i follows within the origin, the same request', async (status) => {
    await using talk = await fixture.talk([to('/est/moved', status), fixture.certificates]);
    const make = maker();
    expect(await talk.exchange.enroll('simpleenroll', null, make)).toMatchObject({
      kind: 'issued',
    });
    const [first, second] = talk.server.seen;
    expect(second).toMatchObject({ method: 'POST', path: '/est/moved', body: first?.body });
    expect(make.bindings).toHaveLength(1);
  });

  it('is bound anew when the server closed the connection', async () => {
    const script = [closing(to('/est/moved')), fixture.certificates];
    await using talk = await fixture.talk(script, { maxTls: 'TLSv1.2' });
    const make = maker();
    await talk.exchange.enroll('simpleenroll', 'tls-unique', make);
    expect(make.bindings).toEqual(talk.server.seen.map(({ tlsUnique }) => tlsUnique));
    expect(new Set(make.bindings).size).toBe(2);
  });

  it('settles authentication where it was sent', async () => {
    const script = [to('/est/moved'), basicChallenge, fixture.certificates];
    await using talk = await fixture.talk(script, { authentication: basic });
    await talk.exchange.settleAuthentication('simpleenroll');
    await talk.exchange.enroll('simpleenroll', null, maker());
    expect(talk.server.seen.map(({ path }) => path)).toEqual([
      '/.well-known/est/simpleenroll',
      '/est/moved',
      '/est/moved',
    ]);
    expect(talk.server.seen.at(-1)?.headers.has('authorization')).toBe(true);
  });

  it.each([301, 302, 303])('with %i is not followed: it would become a GET', async (status) => {
    await using talk = await fixture.talk([to('/est/moved', status)]);
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-14');
  });

  it('in a circle ends', async () => {
    const round = to('/.well-known/est/simpleenroll');
    await using talk = await fixture.talk(Array.from({ length: 9 }, () => round));
    expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-14');
    expect(talk.server.seen).toHaveLength(4);
  });

  it.each(['never', 'questions'] as const)(
    'does not go to another origin with %s',
    async (otherOrigins) => {
      const other = await another([fixture.certificates]);
      await using talk = await fixture.talk([to(other.url)], { otherOrigins });
      expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-14');
      expect(other.seen).toHaveLength(0);
    },
  );

  it('goes to another origin by a person’s word, once, and without credentials', async () => {
    const other = await another([fixture.certificates]);
    await using talk = await fixture.talk([basicChallenge, to(other.url)], {
      authentication: basic,
      otherOrigins: 'requests',
    });
    await talk.exchange.settleAuthentication('simpleenroll');
    const make = maker();
    await talk.exchange.enroll('simpleenroll', null, make);
    expect(other.seen).toMatchObject([{ method: 'POST', path: '/est/elsewhere' }]);
    expect(other.seen[0]?.headers.has('authorization')).toBe(false);
    expect(make.bindings).toHaveLength(1);
  });

  it('is bound to the connection of the other origin', async () => {
    const other = await another([fixture.certificates]);
    await using talk = await fixture.talk([to(other.url)], {
      maxTls: 'TLSv1.2',
      otherOrigins: 'requests',
    });
    const make = maker();
    await talk.exchange.enroll('simpleenroll', 'tls-unique', make);
    expect(make.bindings).toEqual([talk.server.seen[0]?.tlsUnique, other.seen[0]?.tlsUnique]);
  });

  it.each(['http://127.0.0.1/est', 'https://user:pw@127.0.0.1/est'])(
    'never goes to %s',
    async (location) => {
      await using talk = await fixture.talk([to(location)], { otherOrigins: 'requests' });
      expect(await refusal(talk.exchange.enroll('simpleenroll', null, maker()))).toBe('SERVER-14');
    },
  );
});

describe('a redirected question', () => {
  it('goes to another origin without credentials where that is allowed', async () => {
    const other = await another([fixture.certificates]);
    await using talk = await fixture.talk([basicChallenge, to(other.url)], {
      authentication: basic,
      otherOrigins: 'questions',
    });
    expect((await talk.exchange.cacerts()).certificates).toHaveLength(1);
    expect(other.seen[0]?.headers.has('authorization')).toBe(false);
  });

  it('ends at an origin the same anchors do not vouch for', async () => {
    const stranger = await (await Authority.root()).issue({ ip: [host] });
    const other = await another([fixture.certificates], stranger);
    await using talk = await fixture.talk([to(other.url)], { otherOrigins: 'questions' });
    expect(await refusal(talk.exchange.cacerts())).toMatch(/^TRUST-/);
    expect(other.seen).toHaveLength(0);
  });

  it('is not sent on from there', async () => {
    const third = await another([fixture.certificates]);
    const other = await another([to(third.url)]);
    await using talk = await fixture.talk([to(other.url)], { otherOrigins: 'questions' });
    expect(await refusal(talk.exchange.cacerts())).toBe('SERVER-14');
    expect(third.seen).toHaveLength(0);
  });
});
