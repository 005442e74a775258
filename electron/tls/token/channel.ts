import { uint, vector } from './bytes.ts';
import { AlertReceived, alerts, TlsFailure, WireEnded } from './failure.ts';
import type { RecordLayer } from './record-layer.ts';
import { contentTypes, type Protection } from './record-protection.ts';

/** Handshake messages (RFC 8446 §4, RFC 5246 §7.4). */
export const messageTypes = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  keyUpdate: 24,
} as const;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
  /** With its header, as it enters the transcript. */
  readonly raw: Buffer;
}

export type Content =
  | { readonly kind: 'handshake'; readonly message: HandshakeMessage }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'changeCipherSpec' }
  | { readonly kind: 'closed' }
  /** Nothing more has arrived yet. */
  | { readonly kind: 'nothing' };

const messageHeaderBytes = 4;
/** Certificate chains and lists of CA names are the long messages. */
const longestHandshakeMessage = 100 * 1024;
const longestLaterMessage = 16 * 1024;
const mostEmptyRecords = 32;
const mostChangeCipherSpecs = 32;
const mostWarnings = 4;
const warning = 1;
const fatal = 2;

/** Messages, alerts and application data, put together from records. */
export class Channel {
  readonly #records: RecordLayer;
  /** Of messages that are not whole yet; put together once, however small the records were. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #tls13 = false;
  #handshaking = true;
  #emptyRecords = 0;
  #changeCipherSpecs = 0;
  #warnings = 0;
  #alertSent: number | null = null;

  constructor(records: RecordLayer) {
    this.#records = records;
  }

  /** The last alert this client sent, or null. */
  get alertSent(): number | null {
    return this.#alertSent;
  }

  /** The server's first answer told the version; what may stand in a record depends on it. */
  agreeOnVersion(version: 'TLSv1.2' | 'TLSv1.3'): void {
    this.#tls13 = version === 'TLSv1.3';
    this.#records.agreeOnVersion();
  }

  /** From here on change_cipher_spec is refused and messages are short. */
  completeHandshake(): void {
    this.#handshaking = false;
  }

  /** @throws TlsFailure unexpected_message when messages under the old key are left (RFC 8446 §5.1). */
  protectReading(protection: Protection): void {
    this.requireBoundary();
    this.#records.protectReading(protection);
  }

  /** @throws TlsFailure unexpected_message when the last record held more than the last message. */
  requireBoundary(): void {
    if (this.#partialBytes > 0) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a handshake message is out of place');
    }
  }

  /**
   * The next handshake message, and nothing else.
   * @throws TlsFailure unexpected_message; AlertReceived; WireEnded.
   */
  async readMessage(): Promise<HandshakeMessage> {
    const content = await this.read();
    if (content.kind === 'handshake') return content.message;
    if (content.kind === 'closed') throw new WireEnded();
    throw new TlsFailure(alerts.unexpectedMessage, 'a record came at the wrong time');
  }

  /** @throws TlsFailure unexpected_message when something else comes (RFC 5246 §7.1). */
  async readChangeCipherSpec(): Promise<void> {
    const { kind } = await this.read();
    if (kind === 'closed') throw new WireEnded();
    if (kind === 'changeCipherSpec') return;
    throw new TlsFailure(alerts.unexpectedMessage, 'a change_cipher_spec is missing');
  }

  /**
   * The next content.
   * @param wait for it; else only for what has arrived already.
   */
  async read(wait = true): Promise<Content> {
    for (;;) {
      const message = this.#takeMessage();
      if (message !== null) {
        if (this.#isIdleRequest(message)) continue;
        return { kind: 'handshake', message };
      }
      if (!wait && !this.#records.ready) return { kind: 'nothing' };
      const { type, content } = await this.#records.read();
      if (type === contentTypes.alert) {
        const closing = this.#isClosing(content);
        // RFC 8446 §5.1: no record of another type between those of one message.
        if (this.#tls13) this.requireBoundary();
        if (closing) return { kind: 'closed' };
        continue;
      }
      if (type !== contentTypes.handshake) this.requireBoundary();
      if (type === contentTypes.changeCipherSpec) {
        if (this.#passesOver(content)) continue;
        return { kind: 'changeCipherSpec' };
      }
      if (this.#isEmpty(type, content)) continue;
      if (type === contentTypes.applicationData) return { kind: 'data', bytes: content };
      if (type !== contentTypes.handshake) {
        throw new TlsFailure(alerts.unexpectedMessage, 'a record has an unknown type');
      }
      this.#partial.push(content);
      this.#partialBytes += content.length;
    }
  }

  #takeMessage(): HandshakeMessage | null {
    if (this.#partialBytes < messageHeaderBytes) return null;
    const start = this.#partial[0] ?? Buffer.alloc(0);
    const header = start.length < messageHeaderBytes ? this.#joined() : start;
    const length = header.readUIntBE(1, 3);
    if (length > (this.#handshaking ? longestHandshakeMessage : longestLaterMessage)) {
      throw new TlsFailure(alerts.illegalParameter, 'a handshake message is too long');
    }
    const end = messageHeaderBytes + length;
    if (this.#partialBytes < end) return null;
    const buffered = this.#joined();
    const rest = buffered.subarray(end);
    this.#partial = rest.length > 0 ? [rest] : [];
    this.#partialBytes = rest.length;
    const body = buffered.subarray(messageHeaderBytes, end);
    return { type: buffered.readUInt8(0), body, raw: buffered.subarray(0, end) };
  }

  #joined(): Buffer {
    const joined = Buffer.concat(this.#partial);
    this.#partial = [joined];
    return joined;
  }

  /** RFC 5246 §7.4.1.1: a HelloRequest during the handshake asks for what is being done. */
  #isIdleRequest({ type, body }: HandshakeMessage): boolean {
    const idle = this.#handshaking && !this.#tls13 && type === messageTypes.helloRequest;
    if (idle) this.#countWarning();
    return idle && body.length === 0;
  }

  /**
   * Whether an alert ends the connection in order; a warning that does not is passed over.
   * @throws AlertReceived when the server ends it otherwise.
   */
  #isClosing(content: Buffer): boolean {
    const [level, description] = content;
    if (content.length !== 2 || description === undefined) {
      throw new TlsFailure(alerts.decodeError, 'the server sent a malformed alert');
    }
    if (level !== warning && level !== fatal) {
      throw new TlsFailure(alerts.illegalParameter, 'the server sent an alert of no known level');
    }
    if (description === alerts.closeNotify) return true;
    // RFC 8446 §6: but for user_canceled the level says nothing any more.
    const harmless = this.#tls13 ? description === alerts.userCanceled : level === warning;
    if (!harmless) throw new AlertReceived(description);
    this.#countWarning();
    return false;
  }

  #countWarning(): void {
    this.#warnings++;
    if (this.#warnings > mostWarnings) {
      throw new TlsFailure(alerts.decodeError, 'the server sent too many warnings');
    }
  }

  /** RFC 8446 §5: for the sake of middleboxes it may stand in a TLS 1.3 handshake, meaning nothing. */
  #passesOver(content: Buffer): boolean {
    if (content.length !== 1 || content[0] !== 1) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a change_cipher_spec is malformed');
    }
    if (!this.#tls13) return false;
    this.#changeCipherSpecs++;
    if (!this.#handshaking || this.#changeCipherSpecs > mostChangeCipherSpecs) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a change_cipher_spec came at the wrong time');
    }
    return true;
  }

  /** Only application data may be empty (RFC 8446 §5.1), once it may come at all, and not without end. */
  #isEmpty(type: number, content: Buffer): boolean {
    if (content.length > 0) {
      this.#emptyRecords = 0;
      return false;
    }
    this.#emptyRecords++;
    const welcome = type === contentTypes.applicationData && !this.#handshaking;
    if (!welcome || this.#emptyRecords > mostEmptyRecords) {
      throw new TlsFailure(alerts.unexpectedMessage, 'the server sent empty records');
    }
    return true;
  }

  /** Queues a handshake message. @returns it with its header, for the transcript. */
  writeMessage(type: number, ...body: readonly Uint8Array[]): Buffer {
    const raw = Buffer.concat([uint(1, type), vector(3, ...body)]);
    this.#records.write(contentTypes.handshake, raw);
    return raw;
  }

  /** Sends an alert at once; all but no_renegotiation are the last thing sent (RFC 8446 §6.1, §6.2). */
  sendAlert(description: number): void {
    if (this.#records.closed) return;
    const warns = description === alerts.closeNotify || description === alerts.noRenegotiation;
    this.#alertSent = description;
    this.#records.write(contentTypes.alert, Buffer.of(warns ? warning : fatal, description));
    this.#records.flush();
    if (description !== alerts.noRenegotiation) this.#records.close();
  }
}
