import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerTrust } from '../../electron/tls/connector.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import {
  Authority,
  type Contents,
  cmcRa,
  type Identity,
  selfSigned,
  serverAuth,
} from '../authority.ts';
import { Fixture, failureOf, host, type Subject } from './fixture.ts';

const longAgo = new Date('2020-01-01T00:00:00Z');
const tomorrow = new Date(Date.now() + 86_400_000);
const nextWeek = new Date(Date.now() + 7 * 86_400_000);

/** Which servers are believed to be the one that was wanted. */
export function describeIdentity(subject: Subject): void {
  describe('the server’s identity', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await Fixture.make(subject);
    });

    /** How a server with this certificate was identified, or the code with which it was refused. */
    async function verdict(
      identity: Identity,
      { trust = fixture.trust(), name = host }: { trust?: ServerTrust; name?: string } = {},
    ): Promise<string> {
      await using server = await fixture.echo({}, identity);
      try {
        const connection = await fixture.connect(server.port, { trust, host: name });
        connection.close();
        return connection.facts.identifiedBy;
      } catch (error) {
        if (error instanceof StationError) return error.code;
        throw error;
      }
    }

    it.each<[string, Contents, string, string]>([
      ['an IP address', { ip: [host] }, host, 'name'],
      ['another IP address', { ip: ['127.0.0.2'] }, host, 'TRUST-03'],
      ['an IP address as a DNS name', { dns: [host] }, host, 'TRUST-03'],
      ['a DNS name', { dns: ['localhost'] }, 'localhost', 'name'],
      ['a DNS name in other case', { dns: ['LocalHost'] }, 'localhost', 'name'],
      ['another DNS name', { dns: ['other.example'] }, 'localhost', 'TRUST-03'],
      ['a wildcard for a bare label', { dns: ['*'] }, 'localhost', 'TRUST-03'],
      ['a partial wildcard', { dns: ['local*'] }, 'localhost', 'TRUST-03'],
      ['a common name alone', { commonName: 'localhost' }, 'localhost', 'TRUST-03'],
      [
        'an expired certificate',
        { ip: [host], notBefore: longAgo, notAfter: longAgo },
        host,
        'TRUST-05',
      ],
      [
        'a certificate of tomorrow',
        { ip: [host], notBefore: tomorrow, notAfter: nextWeek },
        host,
        'TRUST-05',
      ],
      ['a client’s certificate', { ip: [host], purposes: ['1.3.6.1.5.5.7.3.2'] }, host, 'TRUST-07'],
    ])('with %s', async (_what, contents, name, expected) => {
      expect(await verdict(await fixture.root.issue(contents), { name })).toBe(expected);
    });

    it('needs a chain to an anchor', async () => {
      const [stranger, alone, namesake] = await Promise.all([
        fixture.other.issue({ ip: [host] }),
        selfSigned({ ip: [host] }),
        Authority.root('Test Root').then((authority) => authority.issue({ ip: [host] })),
      ]);
      expect(await verdict(stranger)).toBe('TRUST-02');
      expect(await verdict(alone)).toBe('TRUST-02');
      expect(await verdict(namesake)).toBe('TRUST-02');
    });

    it('needs the certificates between server and anchor', async () => {
      const middle = await fixture.root.subordinate('Issuing CA');
      const server = await middle.issue({ ip: [host] });
      const complete = { ...server, pem: `${server.pem}\n${middle.identity.pem}` };
      expect(await verdict(server)).toBe('TRUST-02');
      expect(await verdict(complete)).toBe('name');
    });

    it('finds its anchor among several of one name', async () => {
      const namesake = await Authority.root('Test Root');
      const anchors = [namesake.identity.der, fixture.root.identity.der];
      expect(await verdict(fixture.honest, { trust: fixture.trust({ anchors }) })).toBe('name');
    });

    it('may be an anchor that is no root', async () => {
      const middle = await fixture.root.subordinate('Issuing CA');
      const server = await middle.issue({ ip: [host] });
      const trust = fixture.trust({ anchors: [middle.identity.der] });
      expect(await verdict(server, { trust })).toBe('name');
    });

    it('may be shown by id-kp-cmcRA instead of the name, with explicit anchors only', async () => {
      const implicit = fixture.trust({ origin: 'implicit' });
      for (const purposes of [[cmcRa], [serverAuth, cmcRa]]) {
        const server = await fixture.root.issue({ dns: ['ra.example'], purposes });
        expect(await verdict(server)).toBe('cmcRA');
        const refused = purposes.length === 1 ? 'TRUST-07' : 'TRUST-03';
        expect(await verdict(server, { trust: implicit })).toBe(refused);
      }
      const stranger = await fixture.other.issue({ purposes: [cmcRa] });
      expect(await verdict(stranger)).toBe('TRUST-02');
    });

    it('may lack the name, but never the chain, without hostname verification', async () => {
      const trust = fixture.trust({ hostnameVerification: false });
      const [misnamed, stranger, expired] = await Promise.all([
        fixture.root.issue({ dns: ['other.example'] }),
        fixture.other.issue({ ip: [host] }),
        fixture.root.issue({ ip: [host], notBefore: longAgo, notAfter: longAgo }),
      ]);
      expect(await verdict(misnamed, { trust })).toBe('chain-only');
      expect(await verdict(fixture.honest, { trust })).toBe('name');
      expect(await verdict(stranger, { trust })).toBe('TRUST-02');
      expect(await verdict(expired, { trust })).toBe('TRUST-05');
    });

    it('does not matter to a provisional connection, which shows the chain', async () => {
      const stranger = await fixture.other.issue({ dns: ['elsewhere'] });
      const chain = { ...stranger, pem: `${stranger.pem}\n${fixture.other.identity.pem}` };
      await using server = await fixture.echo({}, chain);
      const connection = await fixture.connect(server.port, { trust: { kind: 'provisional' } });
      connection.close();
      expect(connection.facts.identifiedBy).toBe('nothing');
      expect(connection.facts.serverChain).toEqual([stranger.der, fixture.other.identity.der]);
    });

    it('is told with the names and the times that did not fit', async () => {
      const misnamed = await fixture.root.issue({ dns: ['a.example'], ip: ['10.0.0.1'] });
      const expired = await fixture.root.issue({
        ip: [host],
        notBefore: longAgo,
        notAfter: longAgo,
      });
      await using wrongName = await fixture.echo({}, misnamed);
      await using wrongTime = await fixture.echo({}, expired);
      expect((await failureOf(fixture.connect(wrongName.port))).params).toEqual({
        endpoint: `${host}:${wrongName.port}`,
        names: 'DNS:a.example, IP:10.0.0.1',
      });
      const { params } = await failureOf(fixture.connect(wrongTime.port));
      expect(params.notAfter).toBe(longAgo.toISOString());
      expect(Math.abs(Date.parse(String(params.now)) - Date.now())).toBeLessThan(60_000);
    });

    it('cannot be checked without an anchor, so nothing is sent', async () => {
      const trust = fixture.trust({ anchors: [] });
      expect((await failureOf(fixture.connect(1, { trust }))).code).toBe('TRUST-01');
    });
  });
}
