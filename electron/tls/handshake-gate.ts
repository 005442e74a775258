import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const handshakeRecord = 22;
const alertRecord = 21;
const changeCipherSpecRecord = 20;
const clientHello = 1;
const recordHeaderBytes = 5;

/**
 * Whether these bytes are nothing but whole records that give nothing of the client away:
 * a ClientHello (also the second one after HelloRetryRequest), an alert, or the dummy
 * change_cipher_spec in front of that second ClientHello (RFC 8446 §D.4).
 */
function revealsNothing(chunk: Buffer): boolean {
  let offset = 0;
  let sawMessage = false;
  while (offset < chunk.length) {
    if (chunk.length - offset < recordHeaderBytes) return false;
    const end = offset + recordHeaderBytes + chunk.readUInt16BE(offset + 3);
    if (end > chunk.length) return false;
    const type = chunk[offset];
    const message = chunk[offset + recordHeaderBytes];
    if (type === alertRecord || (type === handshakeRecord && message === clientHello)) {
      sawMessage = true;
    } else if (type !== changeCipherSpecRecord) {
      return false;
    }
    offset = end;
  }
  return sawMessage;
}

/**
 * The wire under a TLS client, with a gate in it: after the ClientHello nothing leaves until the
 * server has been approved.
 *
 * `node:tls` judges the server only after the handshake, when the client's certificate and
 * signature have already been sent, also with rejectUnauthorized (its verify callback always
 * goes on), and it offers no hook in between. The client's second flight is where that
 * certificate travels, and when it is due the TLS library has already checked that the server
 * holds its key: by the signature of ServerKeyExchange in TLS 1.2 (only suites with one are
 * offered), by CertificateVerify and Finished in TLS 1.3. So this is the place to ask.
 */
export class HandshakeGate extends Duplex {
  readonly #wire: Socket;
  readonly #approve: () => void;
  #clientAnswered = false;
  #firstByte: number | null = null;

  /** @param approve throws when the server must not be talked to; its error destroys the stream. */
  constructor(wire: Socket, approve: () => void) {
    super();
    this.#wire = wire;
    this.#approve = approve;
    wire.on('data', (chunk: Buffer) => {
      this.#firstByte ??= chunk[0] ?? null;
      if (!this.push(chunk)) wire.pause();
    });
    wire.on('end', () => this.push(null));
    wire.on('error', (error) => this.destroy(error));
    wire.on('close', () => {
      // What arrived before an orderly end is still to be read.
      if (!wire.readableEnded) this.destroy();
    });
  }

  /** True once the server was approved and the client's second flight was let through. */
  get clientAnswered(): boolean {
    return this.#clientAnswered;
  }

  /** The first byte the server sent, or null. */
  get firstByte(): number | null {
    return this.#firstByte;
  }

  override _read(): void {
    this.#wire.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#clientAnswered || revealsNothing(chunk)) {
      this.#wire.write(chunk, done);
      return;
    }
    try {
      this.#approve();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#clientAnswered = true;
    this.emit('opened');
    this.#wire.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#wire.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#wire.destroy();
    done(error);
  }
}
