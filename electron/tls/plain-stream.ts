import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { StationError } from '../../shared/errors/station-error.ts';

/**
 * The plain bytes of a TLS connection. It stands between the caller and `node:tls`, so that no
 * caller meets an error of a TLS library: an alert that arrives after the handshake (TLS 1.3
 * refuses a client certificate only then) comes out as an error of the catalogue.
 */
export class PlainStream extends Duplex {
  readonly #socket: TLSSocket;

  /** @param explain turns an error of the TLS socket into one of the catalogue. */
  constructor(socket: TLSSocket, explain: (error: Error) => StationError) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(explain(error)));
    socket.on('close', () => {
      if (!socket.readableEnded) this.destroy();
    });
    // An alert may arrive while nobody reads; it stays in `errored` for whoever comes next.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    // A failed write is reported by the socket's own error, in words of the catalogue.
    this.#socket.write(chunk, (error) => {
      if (error) this.#socket.destroy(error);
      else done();
    });
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
