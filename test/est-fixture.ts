import type { TlsOptions } from 'node:tls';
import type {
  EstExchange,
  ExchangeOptions,
  HttpAuthentication,
  MakeRequest,
} from '../electron/est/exchange.ts';
import { openExchange } from '../electron/est/open-exchange.ts';
import { writeCertsOnly } from '../electron/practice/certs-only.ts';
import { nodeConnector } from '../electron/tls/node-connector.ts';
import { StationError } from '../shared/errors/station-error.ts';
import { Authority, type Identity } from './authority.ts';
import { answer, type Reply, type ScriptedServer, scripted } from './scripted-server.ts';

export const host = '127.0.0.1';
export const limits: ExchangeOptions['limits'] = {
  headerBytes: 16_384,
  bodyBytes: 65_536,
  certificates: 8,
  connectMs: 5000,
  tlsMs: 5000,
  exchangeMs: 5000,
};
export const pkcs7 = { 'Content-Type': 'application/pkcs7-mime' };

/** An exchange of a test, closed with its server. */
export interface Talk extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly exchange: EstExchange;
}

/** A CA, its server certificate, and conversations with servers that follow a script. */
export class EstFixture {
  readonly root: Authority;
  readonly identity: Identity;
  /** base64 of a certs-only message with the CA certificate. */
  readonly bag: string;

  private constructor(root: Authority, identity: Identity) {
    this.root = root;
    this.identity = identity;
    this.bag = writeCertsOnly([root.identity.der]).toString('base64');
  }

  static async make(): Promise<EstFixture> {
    const root = await Authority.root();
    return new EstFixture(root, await root.issue({ ip: [host] }));
  }

  /** The ordinary answer with certificates. */
  get certificates(): Reply {
    return answer(200, pkcs7, this.bag);
  }

  options(port: number, change: Partial<ExchangeOptions> = {}): ExchangeOptions {
    return {
      connector: nodeConnector,
      host,
      port,
      label: null,
      trust: {
        kind: 'anchors',
        anchors: [this.root.identity.der],
        origin: 'explicit',
        hostnameVerification: true,
      },
      credential: null,
      authentication: { scheme: 'none' },
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      limits,
      ...change,
    };
  }

  async talk(
    script: readonly Reply[],
    change: Partial<ExchangeOptions> = {},
    tls: TlsOptions = {},
  ): Promise<Talk> {
    const server = await scripted(this.identity, script, tls);
    const exchange = await openExchange(this.options(server.port, change));
    return {
      server,
      exchange,
      async [Symbol.asyncDispose]() {
        exchange.close();
        await server[Symbol.asyncDispose]();
      },
    };
  }
}

/** `CODE detail` of the error a promise ends with. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return [error.code, error.params.detail].filter((part) => part !== undefined).join(' ');
  }
  throw new Error('it was accepted');
}

export const request = Buffer.from(`3081c8${'00'.repeat(200)}`, 'hex');
export const basic: Exclude<HttpAuthentication, { scheme: 'none' }> = {
  scheme: 'basic',
  username: 'estüser',
  password: Buffer.from('estpwd'),
};
export const challenge = (value: string, headers = {}): Reply =>
  answer(401, { 'WWW-Authenticate': value, ...headers });
export const basicChallenge = challenge('Basic realm="estrealm"');

/** A request maker that counts its calls and remembers the bindings. */
export function maker(): MakeRequest & { readonly bindings: (string | null)[] } {
  const bindings: (string | null)[] = [];
  const make: MakeRequest = async (binding) => {
    bindings.push(binding?.toString('base64') ?? null);
    return request;
  };
  return Object.assign(make, { bindings });
}
