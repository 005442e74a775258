import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExchangeOptions } from '../../electron/est/exchange.ts';
import { openExchange } from '../../electron/est/open-exchange.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { nodeConnector } from '../../electron/tls/node-connector.ts';
import { discardFolder } from '../discard-folder.ts';
import { limits } from '../est-fixture.ts';
import { makeCsr } from '../practice-client.ts';
import { endOf, observe } from './observe.ts';

let dir: string;
let server: PracticeServer;
let options: ExchangeOptions;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-possession-'));
  server = await startPractice({ dir, requirePop: true });
  const { facts } = server;
  const root = new X509Certificate(await readFile(facts.caCertificate));
  options = {
    connector: nodeConnector,
    host: '127.0.0.1',
    port: Number(new URL(facts.url).port),
    label: null,
    trust: { kind: 'anchors', anchors: [root.raw], origin: 'explicit', hostnameVerification: true },
    credential: null,
    authentication: {
      scheme: 'basic',
      username: facts.username,
      password: Buffer.from(facts.password),
    },
    minTls: 'TLSv1.2',
    maxTls: 'TLSv1.3',
    limits,
  };
});
afterAll(async () => {
  await server.close();
  await discardFolder(dir);
});

type Kind = 'tls-unique' | 'tls-exporter';

/** Enrolls with a request that carries what `carried` makes of its connection's binding. */
async function enrolled(
  kind: Kind | null,
  carried: (binding: string) => string | null,
): Promise<string> {
  const maxTls = kind === 'tls-unique' ? 'TLSv1.2' : 'TLSv1.3';
  const exchange = await openExchange({ ...options, maxTls });
  const attempt = async () => {
    await exchange.settleAuthentication('simpleenroll');
    return await exchange.enroll('simpleenroll', kind, async (binding) => {
      const challengePassword = carried(binding?.toString('base64') ?? '');
      return await makeCsr(challengePassword === null ? {} : { challengePassword });
    });
  };
  try {
    return await endOf(attempt());
  } finally {
    exchange.close();
  }
}

describe('row 21: a request at a server that demands proof of possession', () => {
  let earlier = '';

  test.each<[string, Kind | null, (binding: string) => string | null, string]>([
    ['the binding the server expects', 'tls-unique', (binding) => binding, 'valid'],
    ['tls-exporter, where the profile says so', 'tls-exporter', (binding) => binding, 'valid'],
    ['a wrong binding, at the practice server', 'tls-unique', () => 'AAAAAAAAAAAAAAAA', 'wrong'],
    ['no binding where the practice server demands one', null, () => null, 'absent'],
  ])('%s', async (what, kind, carried, pop) => {
    observe('possession', what, await enrolled(kind, carried));
    expect(server.log.at(-1)?.pop).toBe(pop);
  });

  test('with the binding of another connection', async () => {
    await enrolled('tls-unique', (binding) => {
      earlier = binding;
      return binding;
    });
    const ended = await enrolled('tls-unique', () => earlier);
    observe('possession', 'the binding of another connection, at the practice server', ended);
    expect(server.log.at(-1)?.pop).toBe('wrong');
  });
});
