import { beforeAll, describe, expect, it } from 'vitest';
import { EstFixture, host, limits, refusal } from '../../test/est-fixture.ts';
import { answer, scripted } from '../../test/scripted-server.ts';
import { nodeConnector } from '../tls/node-connector.ts';
import { fetchCaCertificatesProvisionally } from './bootstrap.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const fetchFrom = (port: number) =>
  fetchCaCertificatesProvisionally({
    connector: nodeConnector,
    host,
    port,
    label: null,
    minTls: 'TLSv1.2',
    maxTls: 'TLSv1.3',
    limits,
  });

describe('bootstrap', () => {
  it('brings the CA certificates and the chain of a server nobody knows', async () => {
    const { identity, root } = fixture;
    await using server = await scripted(
      { ...identity, pem: `${identity.pem}\n${root.identity.pem}` },
      [fixture.certificates],
    );
    const { caCertificates, serverChain } = await fetchFrom(server.port);
    expect(caCertificates.certificates).toEqual([root.identity.der]);
    expect(serverChain).toEqual([identity.der, root.identity.der]);
    expect(server.seen.map(({ path }) => path)).toEqual(['/.well-known/est/cacerts']);
  });

  it('answers no challenge', async () => {
    const challenge = answer(401, { 'WWW-Authenticate': 'Basic realm="x"' });
    await using server = await scripted(fixture.identity, [challenge, fixture.certificates]);
    expect(await refusal(fetchFrom(server.port))).toBe('SERVER-17');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a provisional exchange', () => {
  it('carries nothing but cacerts, whatever the profile has', async () => {
    const authentication = { scheme: 'basic', username: 'u', password: Buffer.from('p') } as const;
    const trust = { kind: 'provisional' } as const;
    const script = [answer(401, { 'WWW-Authenticate': 'Basic realm="x"' })];
    await using talk = await fixture.talk(script, { trust, authentication });
    const { exchange, server } = talk;
    const make = async () => Buffer.alloc(1);
    expect(await refusal(exchange.csrattrs())).toBe('TRUST-01');
    expect(await refusal(exchange.settleAuthentication('simpleenroll'))).toBe('TRUST-01');
    expect(await refusal(exchange.enroll('simpleenroll', null, make))).toBe('TRUST-01');
    expect(server.seen).toEqual([]);
    expect(await refusal(exchange.cacerts())).toBe('SERVER-17');
    expect(server.seen).toHaveLength(1);
  });
});
