import { beforeAll, describe, expect, it } from 'vitest';
import { EstFixture, refusal } from '../../test/est-fixture.ts';
import { serveOpenssl } from '../../test/openssl-server.ts';
import { openExchange } from './open-exchange.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

describe('a server that misses the client certificate', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is understood over %s', async (version) => {
    await using server = await serveOpenssl(fixture.identity, fixture.root.identity, version);
    const attempt = openExchange(fixture.options(server.port)).then((exchange) =>
      exchange.cacerts().finally(() => exchange.close()),
    );
    expect(await refusal(attempt)).toMatch(/^TLS-03/);
  });
});
