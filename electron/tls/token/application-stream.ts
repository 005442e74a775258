import { Duplex } from 'node:stream';
import type { StationError } from '../../../shared/errors/station-error.ts';
import type { TlsClient } from './tls-client.ts';

/** Octets handed over in one go, or one record more. */
const mostAtOnce = 65_536;

/**
 * Runs something after the event loop has looked at every socket. A server may have sent its alert
 * and be gone: a wire that fails to write is not read any more, and the alert would be lost.
 */
function afterWhatArrived(action: () => void): void {
  // The first turn may still belong to the look that this code runs in.
  setImmediate(() => setImmediate(action));
}

/** The plain bytes of a TLS connection; fails with errors of the catalogue only. */
export class ApplicationStream extends Duplex {
  readonly #client: TlsClient;
  readonly #wire: Duplex;
  readonly #explain: (error: unknown) => StationError;
  /** What ends the stream once everything before it was read. */
  #failure: StationError | null = null;

  /** @param explain turns an error of the connection into one of the catalogue. */
  constructor(client: TlsClient, wire: Duplex, explain: (error: unknown) => StationError) {
    super({ allowHalfOpen: false });
    this.#client = client;
    this.#wire = wire;
    this.#explain = explain;
    // An alert may arrive while nobody reads; it stays in `errored` for whoever comes next.
    this.on('error', () => undefined);
    this.read(0);
  }

  override _read(): void {
    if (this.#failure) this.#failWhenRead(this.#failure);
    else void this.#deliver();
  }

  /**
   * Hands over all that has arrived at once: whoever reads the end of an answer also sees that the
   * server has closed behind it.
   */
  async #deliver(): Promise<void> {
    const arrived: Buffer[] = [];
    let length = 0;
    let closed = false;
    try {
      let bytes: Buffer | null | undefined = await this.#client.read();
      while (bytes) {
        arrived.push(bytes);
        length += bytes.length;
        bytes = length < mostAtOnce ? await this.#client.readArrived() : undefined;
      }
      closed = bytes === null;
    } catch (error) {
      this.#failure = this.#explain(error);
    }
    if (arrived.length > 0) this.push(Buffer.concat(arrived));
    if (closed) this.push(null);
    else if (arrived.length === 0 && this.#failure) this.#failWhenRead(this.#failure);
  }

  /** What arrived before the connection broke is still to be read. */
  #failWhenRead(failure: StationError): void {
    if (this.readableLength === 0) this.destroy(failure);
    else this.push(Buffer.alloc(0));
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    afterWhatArrived(() => {
      try {
        this.#client.write(chunk, done);
      } catch (error) {
        done(this.#explain(error));
      }
    });
  }

  override _final(done: () => void): void {
    this.#client.close();
    // What goes wrong with the wire is told where it is read.
    this.#wire.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error === null) this.#client.close();
    this.#client.wipe();
    this.#wire.destroy();
    done(error);
  }
}
