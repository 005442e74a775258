import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { tokenConnector } from '../../electron/tls/token-connector.ts';
import { keySigner } from '../key-signer.ts';
import { type Mutation, mutations } from './mutation/mutations.ts';
import { otherMutations } from './mutation/other-messages.ts';
import { type Ending, measure, type Result, runMutations } from './mutation/run.ts';
import type { Client } from './outcome.ts';

const token: Client = {
  connector: tokenConnector,
  credentialOf: ({ der, key }) => ({ kind: 'keystore', chain: [der], signer: keySigner(key) }),
};
const full = process.env.EST_STATION_FULL === '1';
/** Of the changes of single octets, one in so many is made outside the full gate. */
const sample = 7;

function* sampled(all: Iterable<Mutation>): Generator<Mutation> {
  let index = 0;
  for (const mutation of all) {
    const rare = ['duplicate', 'drop', 'swap'].includes(mutation.kind);
    if (rare || index++ % sample === 0) yield mutation;
  }
}

interface Count {
  readonly version: string;
  readonly kind: string;
  readonly endings: Record<Ending, number>;
}
const counts: Count[] = [];

function count(version: string, results: readonly Result[]): void {
  for (const [kind, some] of Map.groupBy(results, ({ mutation }) => mutation.kind)) {
    const endings = { alert: 0, cut: 0, time: 0, harmless: 0, signed: 0, defect: 0 };
    for (const { ending } of some) endings[ending] += 1;
    counts.push({ version, kind, endings });
    process.stdout.write(`${version} ${kind}: ${JSON.stringify(endings)}\n`);
  }
}

describe('a server whose messages are changed', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is never accepted over %s, and never waited for too long',
    { timeout: 1_800_000 },
    async (version) => {
      const measured = await measure(token, version);
      const all = [...mutations(version, measured, full), ...otherMutations(version, full)];
      const results = await runMutations(token, full ? all : sampled(all));
      count(version, results);
      const defects = results.filter(({ ending }) => ending === 'defect');
      expect(defects.slice(0, 20)).toEqual([]);
      expect(results.length).toBeGreaterThan(full ? 8000 : 250);
    },
  );

  it.each([
    ['TLSv1.2', 'ServerKeyExchange'],
    ['TLSv1.3', 'CertificateVerify'],
  ] as const)(
    'is never accepted over %s when its %s is by an RSA key',
    { timeout: 1_800_000 },
    async (version, proof) => {
      const measured = await measure(token, version, 'rsa');
      const all = [...mutations(version, measured, full)].filter(({ place }) => place === proof);
      const results = await runMutations(token, full ? all : sampled(all), 'rsa');
      count(`${version}, ${proof} by an RSA key`, results);
      expect(results.filter(({ ending }) => ending === 'defect').slice(0, 20)).toEqual([]);
      expect(results.length).toBeGreaterThan(full ? 5000 : 100);
    },
  );
});

afterAll(async () => {
  const file = new URL('../../.cache/tls-mutations.json', import.meta.url);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, JSON.stringify({ full, counts }, null, 1));
});
