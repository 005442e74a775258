import { ByteReader, uint } from './bytes.ts';
import { type Channel, type HandshakeMessage, messageTypes } from './channel.ts';
import type { Established } from './established.ts';
import { checkPlaces, readExtensions } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import { nextTrafficSecret, trafficKeys } from './key-schedule.ts';
import type { RecordLayer } from './record-layer.ts';
import { contentTypes, Protection13 } from './record-protection.ts';

/** Messages in a row without application data between them. */
const mostMessages = 32;
/** RFC 8446 §5.5: AES-GCM may protect 2^24.5 records under one key. */
const mostRecordsPerKey = 2 ** 24;

/** Application data after the handshake, and the few messages that may still come. */
export class Session {
  readonly #records: RecordLayer;
  readonly #channel: Channel;
  readonly #established: Established;
  readonly #mostRecords: number;
  #serverSecret: Buffer | null;
  #clientSecret: Buffer | null;
  #messages = 0;
  /** A KeyUpdate of ours answered the server's and nothing was written since. */
  #updateAnswered = false;

  /** @param mostRecords written under one key. */
  constructor(
    records: RecordLayer,
    channel: Channel,
    established: Established,
    mostRecords = mostRecordsPerKey,
  ) {
    this.#mostRecords = mostRecords;
    this.#records = records;
    this.#channel = channel;
    this.#established = established;
    this.#serverSecret = established.trafficSecrets?.server ?? null;
    this.#clientSecret = established.trafficSecrets?.client ?? null;
  }

  /**
   * The next application data; null once the server has closed in order.
   * @throws TlsFailure, AlertReceived, WireEnded.
   */
  async read(): Promise<Buffer | null> {
    return (await this.#read(true)) ?? null;
  }

  /** As read(), but undefined instead of waiting for more to arrive. */
  readArrived(): Promise<Buffer | null | undefined> {
    return this.#read(false);
  }

  async #read(wait: boolean): Promise<Buffer | null | undefined> {
    for (;;) {
      const content = await this.#channel.read(wait);
      if (content.kind === 'nothing') return undefined;
      if (content.kind === 'closed') return null;
      if (content.kind === 'data') {
        this.#messages = 0;
        return content.bytes;
      }
      if (content.kind === 'changeCipherSpec') {
        throw new TlsFailure(alerts.unexpectedMessage, 'a change_cipher_spec came too late');
      }
      this.#messages++;
      if (this.#messages > mostMessages) {
        throw new TlsFailure(alerts.unexpectedMessage, 'the server sent messages without end');
      }
      this.#takeMessage(content.message);
    }
  }

  /** Queues application data. */
  write(bytes: Buffer): void {
    if (this.#records.written >= this.#mostRecords) this.#renewWritingKey();
    this.#updateAnswered = false;
    this.#records.write(contentTypes.applicationData, bytes);
  }

  /** Zeroes what secrets it holds. */
  wipe(): void {
    this.#serverSecret?.fill(0);
    this.#clientSecret?.fill(0);
    this.#established.wipe();
    this.#records.wipe();
  }

  #takeMessage({ type, body }: HandshakeMessage): void {
    if (this.#established.negotiated.version === 'TLSv1.2') {
      this.#refuseRenegotiation(type, body);
    } else if (type === messageTypes.keyUpdate) {
      this.#followKeyUpdate(body);
    } else if (type === messageTypes.newSessionTicket) {
      checkTicket(body);
    } else {
      // RFC 8446 §4.6.2: post-handshake authentication was not offered.
      throw new TlsFailure(alerts.unexpectedMessage, `the server sent message ${type} too late`);
    }
  }

  /** RFC 5246 §7.4.1.1: a HelloRequest is answered with a warning, and nothing is renegotiated. */
  #refuseRenegotiation(type: number, body: Buffer): void {
    if (type !== messageTypes.helloRequest) {
      throw new TlsFailure(alerts.unexpectedMessage, `the server sent message ${type} too late`);
    }
    new ByteReader(body, 'HelloRequest').end();
    this.#channel.sendAlert(alerts.noRenegotiation);
  }

  /** RFC 8446 §4.6.3. */
  #followKeyUpdate(body: Buffer): void {
    const reader = new ByteReader(body, 'KeyUpdate');
    const request = reader.uint(1);
    reader.end();
    if (request > 1) {
      throw new TlsFailure(alerts.illegalParameter, 'the server sent a KeyUpdate of no known kind');
    }
    const { suite } = this.#established.negotiated;
    this.#serverSecret = nextSecret(this.#serverSecret, suite.hash);
    this.#channel.protectReading(new Protection13(trafficKeys(suite, this.#serverSecret)));
    if (request === 1 && !this.#updateAnswered) {
      this.#renewWritingKey();
      this.#records.flush();
      this.#updateAnswered = true;
    }
  }

  /** A KeyUpdate of ours. @throws TlsFailure internal_error on TLS 1.2, which has none. */
  #renewWritingKey(): void {
    const { suite } = this.#established.negotiated;
    const secret = nextSecret(this.#clientSecret, suite.hash);
    this.#channel.writeMessage(messageTypes.keyUpdate, uint(1, 0));
    this.#clientSecret = secret;
    this.#records.protectWriting(new Protection13(trafficKeys(suite, secret)));
  }
}

function nextSecret(secret: Buffer | null, hash: 'sha256' | 'sha384'): Buffer {
  if (secret === null) {
    throw new TlsFailure(alerts.internalError, 'too much was sent under one key');
  }
  const next = nextTrafficSecret(hash, secret);
  secret.fill(0);
  return next;
}

/** NewSessionTicket (RFC 8446 §4.6.1) is read and dropped: nothing is ever resumed. */
function checkTicket(body: Buffer): void {
  const reader = new ByteReader(body, 'NewSessionTicket');
  reader.take(8);
  reader.vector(1);
  reader.vector(2, 1);
  checkPlaces(readExtensions(reader.vector(2), 'NewSessionTicket'), [], 'NewSessionTicket');
  reader.end();
}
