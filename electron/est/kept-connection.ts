import { StationError } from '../../shared/errors/station-error.ts';
import type { Connection, ConnectionFacts } from '../tls/connector.ts';
import type { ExchangeOptions } from './exchange.ts';

/** The one TLS connection of a conversation; a new one takes its place when it is gone. */
export class KeptConnection {
  readonly #options: ExchangeOptions;
  #connection: Connection;
  /** A request was answered over the present connection, so the server may have closed it since. */
  #idle = false;
  #endWatch: () => void;
  #closed = false;

  private constructor(options: ExchangeOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
    this.#endWatch = watch(connection);
  }

  /** Connects. @throws StationError as Connector.connect does. */
  static async open(options: ExchangeOptions, timeLeft: number): Promise<KeptConnection> {
    return new KeptConnection(options, await connect(options, timeLeft));
  }

  get facts(): ConnectionFacts {
    return this.#connection.facts;
  }

  get idle(): boolean {
    return this.#idle;
  }

  /**
   * The present connection, or a new one when it is gone.
   * @param timeLeft milliseconds a new one may take, however long the profile allows.
   * @throws StationError as Connector.connect.
   */
  async ready(timeLeft: number): Promise<Connection> {
    if (this.#closed) throw new StationError('CANCEL-01', { step: 'connect' });
    const present = this.#connection;
    if (isAlive(present)) return present;
    // What the server said last (a refused client certificate, say) would only be said again.
    if (present.stream.errored instanceof StationError && !this.#idle) throw present.stream.errored;
    present.close();
    const connection = await connect(this.#options, timeLeft);
    this.#connection = connection;
    this.#idle = false;
    this.#endWatch();
    this.#endWatch = watch(connection);
    return connection;
  }

  /** Whether this connection can still carry a request. */
  carries(connection: Connection): boolean {
    return connection === this.#connection && isAlive(connection);
  }

  /** A request is about to go out: what comes now is its answer. */
  expectAnswer(): void {
    this.#endWatch();
  }

  /** The answer is complete; a connection that cannot be used again is closed. */
  answered(connection: Connection, reusable: boolean): void {
    this.#idle = true;
    if (reusable) this.#endWatch = watch(connection);
    else connection.close();
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }
}

function connect(
  { connector, host, port, limits, ...options }: ExchangeOptions,
  timeLeft: number,
): Promise<Connection> {
  const { trust, credential, proxy, minTls, maxTls, signal } = options;
  const connectMs = Math.min(limits.connectMs, timeLeft);
  const tlsMs = Math.min(limits.tlsMs, timeLeft);
  return connector.connect(
    { host, port },
    { trust, credential, proxy, minTls, maxTls, connectMs, tlsMs, signal },
  );
}

function isAlive({ stream }: Connection): boolean {
  return stream.readable && stream.writable && !stream.destroyed;
}

/**
 * Watches a connection between requests: what a server says out of turn must not be taken for the
 * beginning of the next answer, and its closing must be noticed.
 * @returns ends the watch.
 */
function watch(connection: Connection): () => void {
  const { stream } = connection;
  const close = () => connection.close();
  stream.on('data', close);
  stream.on('end', close);
  return () => {
    stream.off('data', close);
    stream.off('end', close);
  };
}
