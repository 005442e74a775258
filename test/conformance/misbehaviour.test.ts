import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeConnector } from '../../electron/tls/node-connector.ts';
import { tokenConnector } from '../../electron/tls/token-connector.ts';
import { keySigner } from '../key-signer.ts';
import { serveConduct } from '../tls-server/server.ts';
import { areas } from './misbehaviour/areas.ts';
import { client, servers } from './misbehaviour/kit.ts';
import { alertWords, type Misbehaviour } from './misbehaviour/misbehaviour.ts';
import { type Client, type Outcome, outcomeOf } from './outcome.ts';

const clients: Readonly<Record<'token' | 'node', Client>> = {
  token: {
    connector: tokenConnector,
    credentialOf: ({ der, key }) => ({ kind: 'keystore', chain: [der], signer: keySigner(key) }),
  },
  node: {
    connector: nodeConnector,
    credentialOf: ({ der, key }) => ({ kind: 'software', chain: [der], key }),
  },
};

interface Row {
  readonly area: string;
  readonly name: string;
  readonly expected: { readonly verdict: Outcome['verdict']; readonly alert: string };
  readonly outcomes: Readonly<Record<'token' | 'node', Outcome | null>>;
  readonly nodeDiffers: string | null;
}

const rows: Row[] = [];
/** Milliseconds. */
const slowestHandshake = 5000;

async function outcomeWith(
  who: 'token' | 'node',
  { conduct, server = 'ec', verdict, tlsMs = slowestHandshake, rehearsed }: Misbehaviour,
): Promise<Outcome> {
  await using scripted = await serveConduct(servers[server], () => conduct);
  const credential = conduct.asksForCertificate ? clients[who].credentialOf(client) : null;
  const stays = verdict === 'broken' || conduct.afterwards !== undefined;
  if (rehearsed) await outcomeOf(clients[who], scripted, credential, tlsMs);
  return await outcomeOf(clients[who], scripted, credential, tlsMs, stays);
}

describe.each(Object.entries(areas))('a server that misbehaves %s', (area, table) => {
  it.each(table.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const token = await outcomeWith('token', row);
    const node = row.nodeDiffers === undefined ? await outcomeWith('node', row) : null;
    const expected = { verdict: row.verdict, alert: alertWords(row) };
    const { name, nodeDiffers = null } = row;
    rows.push({ area, name, expected, outcomes: { token, node }, nodeDiffers });

    // A connection that should break afterwards may as well not come about.
    const early = row.verdict === 'broken' && token.verdict === 'refused';
    if (!early) expect(token.verdict).toBe(row.verdict);
    if (row.verdict === 'accepted') expect(token.code).toBeNull();
    else expect([...(row.codes ?? []), ...(early ? ['TLS-01'] : [])]).toContain(token.code);
    if (row.alert === null) expect(token.alert).toBeNull();
    else if (row.alert !== undefined) expect(row.alert).toContain(token.alert);
    if (node !== null) expect(node.verdict === 'accepted').toBe(row.verdict === 'accepted');
  });
});

it('the table has no row twice', () => {
  for (const table of Object.values(areas)) {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  }
});

afterAll(async () => {
  const file = new URL('../../.cache/tls-misbehaviour.json', import.meta.url);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, JSON.stringify(rows, null, 1));
});
