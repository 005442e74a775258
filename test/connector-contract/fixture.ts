import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type {
  ClientCredential,
  Connection,
  ConnectOptions,
  Connector,
  ServerTrust,
} from '../../electron/tls/connector.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { Authority, type Identity } from '../authority.ts';
import { type Loopback, serveTcp, serveTls } from '../loopback.ts';

/** A connector under test. */
export interface Subject {
  readonly connector: Connector;
  /** A credential whose private key lies where this connector can use it. */
  credentialOf(identity: Identity): ClientCredential;
}

export const host = '127.0.0.1';

/** One CA, an honest server's certificate, and a way to connect. */
export class Fixture {
  readonly subject: Subject;
  readonly root: Authority;
  readonly other: Authority;
  readonly honest: Identity;

  private constructor(subject: Subject, root: Authority, other: Authority, honest: Identity) {
    this.subject = subject;
    this.root = root;
    this.other = other;
    this.honest = honest;
  }

  static async make(subject: Subject): Promise<Fixture> {
    const root = await Authority.root();
    const other = await Authority.root('Other Root');
    const honest = await root.issue({ ip: [host], dns: ['localhost', 'est.example'] });
    return new Fixture(subject, root, other, honest);
  }

  /** Trust in the CA. */
  trust(change: Partial<Extract<ServerTrust, { kind: 'anchors' }>> = {}): ServerTrust {
    return {
      kind: 'anchors',
      anchors: [this.root.identity.der],
      origin: 'explicit',
      hostnameVerification: true,
      ...change,
    };
  }

  connect(port: number, change: Partial<ConnectOptions & { host: string }> = {}) {
    const { host: name = host, ...options } = change;
    return this.subject.connector.connect(
      { host: name, port },
      {
        trust: this.trust(),
        credential: null,
        minTls: 'TLSv1.2',
        maxTls: 'TLSv1.3',
        connectMs: 5000,
        tlsMs: 5000,
        ...options,
      },
    );
  }

  /** A TLS server that sends back what it receives. */
  echo(options: TlsOptions = {}, { pem: cert, keyPem: key }: Identity = this.honest) {
    return serveTls({ cert, key, ...options }, (socket) => socket.pipe(socket));
  }
}

/** The error a connection attempt ends with. */
export async function failureOf(attempt: Promise<Connection>): Promise<StationError> {
  let connection: Connection;
  try {
    connection = await attempt;
  } catch (error) {
    if (error instanceof StationError) return error;
    throw error;
  }
  connection.close();
  throw new Error('the connection was accepted');
}

/** As {@link failureOf}, also when the error comes with the first read (RFC 8446 §4.4.2.4). */
export async function lateFailureOf(attempt: Promise<Connection>): Promise<StationError> {
  let connection: Connection;
  try {
    connection = await attempt;
  } catch (error) {
    if (error instanceof StationError) return error;
    throw error;
  }
  const { stream } = connection;
  stream.resume();
  if (!stream.errored) await once(stream, 'close').catch(() => undefined);
  if (stream.errored instanceof StationError) return stream.errored;
  throw new Error('the connection ended without an error of the catalogue');
}

/** A wire to a server. */
export interface Relay extends Loopback {
  /** Bytes the clients have sent so far. */
  sent(): number;
  /** Resets the client's connections. */
  cut(): void;
}

/** Puts a relay in front of a server. */
export async function relayTo(port: number): Promise<Relay> {
  let sent = 0;
  const clients: Socket[] = [];
  const relay = await serveTcp((socket) => {
    const onward = connectTcp(port, host);
    onward.on('error', () => socket.destroy());
    clients.push(socket);
    socket.on('data', (chunk) => {
      sent += chunk.length;
    });
    socket.on('close', () => onward.destroy());
    socket.pipe(onward);
    onward.pipe(socket);
  });
  const cut = () => {
    for (const client of clients) client.resetAndDestroy();
  };
  return Object.assign(relay, { sent: () => sent, cut });
}
