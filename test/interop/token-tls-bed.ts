import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, connect as openTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import { type TokenCredential, tokenCredential } from '../../electron/station/token-credential.ts';
import type { Connection, ConnectOptions } from '../../electron/tls/connector.ts';
import { tokenConnector } from '../../electron/tls/token-connector.ts';
import { Authority, clientAuth, type Identity } from '../authority.ts';
import { discardFolder } from '../discard-folder.ts';
import type { Loopback } from '../loopback.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';
import { openToken, putCredential, softHsmBridge } from '../token-credential.ts';

export const versions = ['TLSv1.2', 'TLSv1.3'] as const;
export type Version = (typeof versions)[number];
export const keyKinds = ['P-256', 'P-384', 'RSA'] as const;
export type TokenKeyKind = (typeof keyKinds)[number];

/** A CA with servers' certificates, and a SoftHSM token whose keys sign in to them. */
export class TokenTlsBed {
  /** Holds `root.pem`, `server.pem` and `server.key`, an EC server below two CAs, and the same as `rsa.*`. */
  readonly folder: string;
  readonly root: Identity;
  readonly #softHsm: SoftHsm;
  readonly #bridge: TokenBridge;
  readonly #credentials: ReadonlyMap<TokenKeyKind | 'stranger', TokenCredential>;

  private constructor(
    folder: string,
    root: Identity,
    softHsm: SoftHsm,
    bridge: TokenBridge,
    credentials: ReadonlyMap<TokenKeyKind | 'stranger', TokenCredential>,
  ) {
    this.folder = folder;
    this.root = root;
    this.#softHsm = softHsm;
    this.#bridge = bridge;
    this.#credentials = credentials;
  }

  static async make(): Promise<TokenTlsBed> {
    const folder = await mkdtemp(join(tmpdir(), 'token-tls-'));
    const root = await Authority.root();
    const upper = await root.subordinate('Upper CA');
    const lower = await upper.subordinate('Lower CA');
    await writeFile(join(folder, 'root.pem'), root.identity.pem);
    for (const [name, keyKind] of [
      ['server', 'P-256'],
      ['rsa', 'RSA'],
    ] as const) {
      const { pem, keyPem } = await lower.issue({ ip: ['127.0.0.1'], keyKind });
      const chain = [pem, lower.identity.pem, upper.identity.pem];
      await writeFile(join(folder, `${name}.pem`), chain.map((one) => `${one}\n`).join(''));
      await writeFile(join(folder, `${name}.key`), keyPem);
    }
    const softHsm = await makeSoftHsm();
    const bridge = softHsmBridge(softHsm);
    const credentials = new Map<TokenKeyKind | 'stranger', TokenCredential>();
    for (const kind of [...keyKinds, 'stranger'] as const) {
      const foreign = kind === 'stranger';
      // The client's chain is long as well: a CA below a CA below the root.
      const issuer = foreign ? await Authority.root('Elsewhere') : lower;
      const contents = { commonName: `client ${kind}`, purposes: [clientAuth] };
      const own = await issuer.issue({ ...contents, ...(foreign ? {} : { keyKind: kind }) });
      const issuers = foreign ? [] : [lower.identity.pem, upper.identity.pem];
      const token = await softHsm.makeToken({ label: kind });
      const chainPem = [own.pem, ...issuers].join('\n');
      await putCredential(softHsm, token, { keyPem: own.keyPem, chainPem }, 'client');
      const keystore = await openToken(bridge, softHsm, token);
      credentials.set(kind, await tokenCredential(keystore, 'client'));
    }
    return new TokenTlsBed(folder, root.identity, softHsm, bridge, credentials);
  }

  credential(kind: TokenKeyKind | 'stranger'): TokenCredential {
    const credential = this.#credentials.get(kind);
    if (credential === undefined) throw new Error(`no credential ${kind}`);
    return credential;
  }

  /** Connects by the token connector. */
  async connect(port: number, change: Partial<ConnectOptions> = {}): Promise<Connection> {
    return await tokenConnector.connect(
      { host: '127.0.0.1', port },
      {
        trust: {
          kind: 'anchors',
          anchors: [this.root.der],
          origin: 'explicit',
          hostnameVerification: true,
        },
        credential: null,
        minTls: 'TLSv1.2',
        maxTls: 'TLSv1.3',
        connectMs: 20_000,
        tlsMs: 20_000,
        ...change,
      },
    );
  }

  async close(): Promise<void> {
    await this.#bridge.close();
    await this.#softHsm.cleanup();
    await discardFolder(this.folder);
  }
}

/** Asks for `/` and returns everything the server says until it closes. */
export async function askPage({ stream }: Connection): Promise<string> {
  stream.write('GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n');
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join('');
}

/** Passes everything on in pieces of few bytes, each a packet of its own. */
export async function crumblingRelay(port: number, size: number): Promise<Loopback> {
  const server = createServer(async (incoming) => {
    const outgoing = openTcp(port, '127.0.0.1').setNoDelay(true);
    incoming.setNoDelay(true);
    const pass = async (from: typeof incoming, to: typeof incoming) => {
      for await (const bytes of from) {
        for (let start = 0; start < bytes.length; start += size) {
          to.write(bytes.subarray(start, start + size));
          await setImmediate();
        }
      }
      to.end();
    };
    // A side that goes away ends the other; the test looks at the client alone.
    const gone = () => {
      incoming.destroy();
      outgoing.destroy();
    };
    await Promise.all([pass(incoming, outgoing), pass(outgoing, incoming)]).catch(gone);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
