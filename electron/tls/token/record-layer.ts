import { alerts, TlsFailure, WireEnded } from './failure.ts';
import {
  contentTypes,
  longestContent,
  type Plaintext,
  type Protection,
  recordHeader,
} from './record-protection.ts';

const headerBytes = 5;
const tls10 = 0x0301;
const tls12 = 0x0303;

/** Records in both directions (RFC 8446 §5, RFC 5246 §6.2). */
export class RecordLayer {
  readonly #incoming: AsyncIterator<Buffer>;
  readonly #send: (bytes: Buffer) => void;
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #outgoing: Buffer[] = [];
  #reading: Protection | null = null;
  #writing: Protection | null = null;
  #wroteFirst = false;
  #versionAgreed = false;
  #firstByte: number | null = null;
  #closed = false;
  #wiped = false;

  /**
   * @param incoming chunks from the server.
   * @param send takes whole records; never waits.
   */
  constructor(incoming: AsyncIterator<Buffer>, send: (bytes: Buffer) => void) {
    this.#incoming = incoming;
    this.#send = send;
  }

  /** The first byte the server sent, or null. */
  get firstByte(): number | null {
    return this.#firstByte;
  }

  /** Records written under the present key. */
  get written(): number {
    return this.#writing?.count ?? 0;
  }

  /** Nothing more is written. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A whole record has arrived already. */
  get ready(): boolean {
    if (this.#bufferedBytes < headerBytes) return false;
    const length = this.#peek(headerBytes).readUInt16BE(3);
    return this.#bufferedBytes >= headerBytes + length;
  }

  /** From here on records carry the version both agreed on, which is written 3.3 in TLS 1.2 and 1.3. */
  agreeOnVersion(): void {
    this.#versionAgreed = true;
  }

  protectReading(protection: Protection): void {
    this.#reading?.wipe();
    this.#reading = protection;
  }

  protectWriting(protection: Protection): void {
    this.#writing?.wipe();
    this.#writing = protection;
  }

  /** What is written from here on is dropped. */
  close(): void {
    this.#closed = true;
  }

  /** Zeroes the keys; nothing can be read or written any more. */
  wipe(): void {
    this.#closed = true;
    this.#wiped = true;
    this.#outgoing = [];
    this.#reading?.wipe();
    this.#writing?.wipe();
  }

  /**
   * The next record.
   * @throws TlsFailure record_overflow, bad_record_mac, unexpected_message, decode_error.
   * @throws WireEnded when there is none, or after wipe().
   */
  async read(): Promise<Plaintext> {
    const header = await this.#take(headerBytes);
    const type = header.readUInt8(0);
    if (type < contentTypes.changeCipherSpec || type > contentTypes.applicationData) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a record has an unknown type');
    }
    const version = header.readUInt16BE(1);
    if (this.#versionAgreed ? version !== tls12 : version >> 8 !== 3) {
      throw new TlsFailure(alerts.decodeError, 'a record has a wrong version');
    }
    const length = header.readUInt16BE(3);
    const protection = this.#protectionOf(type);
    if (length > (protection?.longestFragment ?? longestContent)) {
      throw new TlsFailure(alerts.recordOverflow, 'a record is too long');
    }
    const fragment = await this.#take(length);
    if (this.#wiped) throw new WireEnded();
    return protection ? protection.open(header, fragment) : { type, content: fragment };
  }

  /** TLS 1.3 lets change_cipher_spec pass in the clear (RFC 8446 §5). */
  #protectionOf(type: number): Protection | null {
    const passes =
      type === contentTypes.changeCipherSpec && this.#reading?.plainChangeCipherSpec === true;
    return passes ? null : this.#reading;
  }

  /**
   * Queues content, in as many records as it needs.
   * @throws WireEnded after wipe(): no record leaves under a key of zeros, and a handshake that was
   *   given up goes no further.
   */
  write(type: number, content: Buffer): void {
    if (this.#wiped) throw new WireEnded();
    if (this.#closed) return;
    let offset = 0;
    do {
      const part = content.subarray(offset, offset + longestContent);
      this.#outgoing.push(this.#seal({ type, content: part }));
      offset += part.length;
    } while (offset < content.length);
  }

  /** Queues a change_cipher_spec in the clear. */
  writeChangeCipherSpec(): void {
    if (this.#closed) return;
    const header = recordHeader(contentTypes.changeCipherSpec, tls12, 1);
    this.#outgoing.push(Buffer.concat([header, Buffer.of(1)]));
  }

  /** Sends what is queued. */
  flush(): void {
    if (this.#outgoing.length === 0) return;
    const bytes = Buffer.concat(this.#outgoing);
    this.#outgoing = [];
    this.#send(bytes);
  }

  #seal(plain: Plaintext): Buffer {
    if (this.#writing) return this.#writing.seal(plain);
    // RFC 8446 §5.1: the first ClientHello may go as TLS 1.0, for servers of long ago.
    const version = this.#wroteFirst ? tls12 : tls10;
    this.#wroteFirst = true;
    return Buffer.concat([recordHeader(plain.type, version, plain.content.length), plain.content]);
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#bufferedBytes < length) {
      const next = await this.#incoming.next();
      if (next.done || this.#wiped) throw new WireEnded();
      this.#firstByte ??= next.value[0] ?? null;
      this.#buffered.push(next.value);
      this.#bufferedBytes += next.value.length;
    }
    const bytes = this.#peek(length);
    const rest = this.#buffered[0]?.subarray(length) ?? Buffer.alloc(0);
    this.#buffered = rest.length > 0 ? [rest] : [];
    this.#bufferedBytes = rest.length;
    return bytes;
  }

  /** The first octets of what has arrived, put together. */
  #peek(length: number): Buffer {
    if (this.#buffered.length !== 1) this.#buffered = [Buffer.concat(this.#buffered)];
    return this.#buffered[0]?.subarray(0, length) ?? Buffer.alloc(0);
  }
}
