import type { Duplex } from 'node:stream';
import { Channel } from './channel.ts';
import type { Established } from './established.ts';
import { alerts, TlsFailure, WireEnded } from './failure.ts';
import { handshake12 } from './handshake-12.ts';
import { handshake13 } from './handshake-13.ts';
import { exchangeHellos } from './hello-exchange.ts';
import type { TlsClientOptions } from './options.ts';
import { RecordLayer } from './record-layer.ts';
import { Session } from './session.ts';

/** A TLS client on a wire: first the handshake, then application data. */
export class TlsClient {
  readonly #wire: Duplex;
  readonly #records: RecordLayer;
  readonly #channel: Channel;
  readonly #options: TlsClientOptions;
  #established: Established | null = null;
  #session: Session | null = null;
  #clientAnswered = false;
  #closing = false;
  #wiped = false;

  /** @param wire to the server; the client reads all of it, and never destroys it. */
  constructor(wire: Duplex, options: TlsClientOptions) {
    this.#wire = wire;
    this.#options = options;
    // What goes wrong with the wire is met where it is read.
    wire.on('error', () => undefined);
    const incoming: AsyncIterator<Buffer> = wire.iterator({ destroyOnReturn: false });
    this.#records = new RecordLayer(incoming, (bytes) => {
      if (wire.writable) wire.write(bytes);
    });
    this.#channel = new Channel(this.#records);
  }

  /** The first byte the server sent, or null. */
  get firstByte(): number | null {
    return this.#records.firstByte;
  }

  /** The client's last flight, with its certificate if any, was on its way. */
  get clientAnswered(): boolean {
    return this.#clientAnswered;
  }

  /** The last alert this client sent, or null. */
  get alertSent(): number | null {
    return this.#channel.alertSent;
  }

  /** @throws TlsFailure internal_error before the handshake. */
  get established(): Established {
    if (this.#established) return this.#established;
    throw new TlsFailure(alerts.internalError, 'the handshake is not over');
  }

  /**
   * Runs the handshake. The client's own alert has been sent when it fails.
   * @throws TlsFailure (its cause is what `judge` or the signer threw), AlertReceived, WireEnded,
   *   errors of the wire.
   */
  async handshake(): Promise<void> {
    await this.#alerting(async () => {
      const hellos = await exchangeHellos(this.#options, this.#records, this.#channel);
      const run = hellos.server.version === 'TLSv1.3' ? handshake13 : handshake12;
      const established = await run(hellos, () => {
        this.#clientAnswered = true;
      });
      if (this.#wiped) {
        established.wipe();
        throw new WireEnded();
      }
      this.#established = established;
      this.#session = new Session(this.#records, this.#channel, established);
    });
  }

  /**
   * The next application data; null once the server has closed in order.
   * @throws as handshake().
   */
  read(): Promise<Buffer | null> {
    return this.#alerting(() => this.#open.read());
  }

  /** As read(), but undefined instead of waiting for more to arrive. */
  readArrived(): Promise<Buffer | null | undefined> {
    return this.#alerting(() => this.#open.readArrived());
  }

  /**
   * Sends application data.
   * @param done called once the wire has taken it, or is gone, which is told where it is read.
   * @throws TlsFailure internal_error after close(); WireEnded after wipe().
   */
  write(bytes: Buffer, done: () => void): void {
    if (this.#closing) throw new TlsFailure(alerts.internalError, 'the connection was closed');
    this.#open.write(bytes);
    this.#records.flush();
    if (this.#wire.writableNeedDrain) this.#whenTaken(done);
    else done();
  }

  #whenTaken(done: () => void): void {
    const taken = () => {
      this.#wire.off('drain', taken);
      this.#wire.off('close', taken);
      done();
    };
    this.#wire.once('drain', taken);
    this.#wire.once('close', taken);
  }

  /** Sends close_notify, once (RFC 8446 §6.1). */
  close(): void {
    if (this.#closing || this.#session === null) return;
    this.#closing = true;
    this.#channel.sendAlert(alerts.closeNotify);
  }

  /** Zeroes the secrets; nothing can be read, written or exported afterwards. */
  wipe(): void {
    this.#wiped = true;
    this.#session?.wipe();
    this.#records.wipe();
  }

  get #open(): Session {
    if (this.#session) return this.#session;
    throw new TlsFailure(alerts.internalError, 'the handshake is not over');
  }

  async #alerting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TlsFailure && !this.#closing) this.#channel.sendAlert(error.alert);
      throw error;
    }
  }
}
