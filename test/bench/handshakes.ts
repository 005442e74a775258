import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Keystore } from '../../electron/keystore/keystore.ts';
import { tokenCredential } from '../../electron/station/token-credential.ts';
import type { ClientCredential, Connector } from '../../electron/tls/connector.ts';
import { nodeConnector } from '../../electron/tls/node-connector.ts';
import { tokenConnector } from '../../electron/tls/token-connector.ts';
import { Authority, clientAuth, type Identity } from '../authority.ts';
import { makeSoftHsm } from '../softhsm.ts';
import { openToken, putCredential, softHsmBridge } from '../token-credential.ts';
import type { BenchServer } from './tls-server.ts';

const alias = 'client-auth-certs';
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const contestants = ['node', 'token'] as const;
type Contestant = (typeof contestants)[number];

/** Milliseconds of whole connections, in the order made. */
interface Figures {
  readonly version: (typeof versions)[number];
  readonly ms: Readonly<Record<Contestant, readonly number[]>>;
}

/**
 * Connects with a client certificate until the server's first byte: `node` with node:tls and a key in software,
 * `token` with the station's own TLS and a key on SoftHSM, both P-256. The two take turns, so that whatever else the
 * machine does falls on both.
 */
export async function benchHandshakes(rounds: number): Promise<Figures[]> {
  const root = await Authority.root();
  const identity = await root.issue({ ip: ['127.0.0.1'] });
  const client = await root.issue({ commonName: 'client', purposes: [clientAuth] });
  const softHsm = await makeSoftHsm();
  const token = await softHsm.makeToken();
  await putCredential(softHsm, token, { keyPem: client.keyPem, chainPem: client.pem }, alias);
  const bridge = softHsmBridge(softHsm);
  const { worker, port } = await serve(identity, root.identity);
  try {
    const keystore: Keystore = await openToken(bridge, softHsm, token);
    const credentials: Readonly<Record<Contestant, ClientCredential>> = {
      node: { kind: 'software', chain: [client.der], key: client.key },
      token: await tokenCredential(keystore, alias),
    };
    const figures: Figures[] = [];
    for (const version of versions) {
      const ms: Record<Contestant, number[]> = { node: [], token: [] };
      // What is compiled on first use is nobody's handshake.
      for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
        const turn = round % 2 === 0 ? contestants : contestants.toReversed();
        for (const name of turn) {
          const taken = await connect(name, credentials[name], port, root.identity.der, version);
          if (round >= 0) ms[name].push(taken);
        }
      }
      figures.push({ version, ms });
    }
    return figures;
  } finally {
    await worker.terminate();
    await bridge.close();
    await softHsm.cleanup();
  }
}

const connectors: Readonly<Record<Contestant, Connector>> = {
  node: nodeConnector,
  token: tokenConnector,
};

async function serve(identity: Identity, root: Identity) {
  const workerData: BenchServer = { key: identity.keyPem, cert: identity.pem, ca: root.pem };
  const worker = new Worker(new URL('tls-server.ts', import.meta.url), { workerData });
  const [port] = await once(worker, 'message');
  return { worker, port: Number(port) };
}

/** @returns milliseconds from the first packet to the server's first byte. */
async function connect(
  name: Contestant,
  credential: ClientCredential,
  port: number,
  anchor: Buffer,
  version: Figures['version'],
): Promise<number> {
  const started = performance.now();
  const connection = await connectors[name].connect(
    { host: '127.0.0.1', port },
    {
      trust: { kind: 'anchors', anchors: [anchor], origin: 'explicit', hostnameVerification: true },
      credential,
      minTls: version,
      maxTls: version,
      connectMs: 10_000,
      tlsMs: 10_000,
    },
  );
  await once(connection.stream, 'data');
  const taken = performance.now() - started;
  connection.close();
  return taken;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (low + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
