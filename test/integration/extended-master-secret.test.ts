import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EstExchange } from '../../electron/est/exchange.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';

/** The exchange as it would be with a server that does not know RFC 7627; no such server is at hand. */
function without(exchange: EstExchange): EstExchange {
  const facts = () => ({ ...exchange.facts, protocol: 'TLSv1.2', extendedMasterSecret: false });
  return Object.create(exchange, { facts: { get: facts } });
}

describe('a request bound to a connection without the extended master secret', () => {
  let bench: TokenTlsBench;

  beforeAll(async () => {
    bench = await TokenTlsBench.make();
  });
  afterAll(() => bench.close());

  test.each<[string, ProfileInput['proofOfPossession'], string, string[]]>([
    ['by tls-unique is told of it once', {}, 'done', ['POP-08']],
    ['is refused where the profile wants it', { requireExtendedMasterSecret: true }, 'failed', []],
    ['by tls-exporter is refused', { channelBinding: 'tls-exporter' }, 'failed', ['POP-04']],
    [
      'is no matter where nothing is bound',
      { enabled: false, requireExtendedMasterSecret: true },
      'done',
      [],
    ],
  ])('%s', async (_, change, state, told) => {
    const station = await bench.station(({ est }) => ({
      est: { ...est, openExchange: async (options) => without(await est.openExchange(options)) },
    }));
    const { username } = bench.practice.facts;
    const record = await run(station, {
      operation: 'enroll',
      profile: bench.profile({
        keystore: { kind: 'software', path: join(bench.folder, 'keys') },
        httpAuthentication: { scheme: 'basic', username },
        proofOfPossession: { enabled: true, ...change },
      }),
    });
    expect(record.state).toBe(state);
    expect(record.error?.code ?? null).toBe(state === 'done' ? null : 'POP-08');
    expect(record.warnings.map(({ code }) => code)).toEqual(told);
    // Refused before a key is made.
    expect(record.steps.some(({ name }) => name === 'key-made')).toBe(state === 'done');
  });
});
