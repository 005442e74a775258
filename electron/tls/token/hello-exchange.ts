import { ByteReader } from './bytes.ts';
import { type Channel, messageTypes } from './channel.ts';
import { clientHello, newOffer, type Offer } from './client-hello.ts';
import { extensionTypes } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import { groupCodes, newKeyShare } from './key-exchange.ts';
import type { TlsClientOptions } from './options.ts';
import type { RecordLayer } from './record-layer.ts';
import { readServerHello, type ServerHello } from './server-hello.ts';
import { Transcript } from './transcript.ts';

/** A handshake under way. */
export interface Handshake {
  readonly options: TlsClientOptions;
  readonly records: RecordLayer;
  readonly channel: Channel;
  readonly transcript: Transcript;
}

/** The hellos of both sides. */
export interface Hellos {
  readonly offer: Offer;
  /** Extensions of the ClientHello. */
  readonly offered: ReadonlySet<number>;
  readonly server: ServerHello;
  /** A HelloRetryRequest came first. */
  readonly retried: boolean;
}

/**
 * Reads the one message that may come now and puts it into the transcript.
 * @throws TlsFailure unexpected_message.
 */
export async function receive({ channel, transcript }: Handshake, type: number): Promise<Buffer> {
  const message = await channel.readMessage();
  if (message.type !== type) {
    const text = `the server sent message ${message.type} where ${type} was due`;
    throw new TlsFailure(alerts.unexpectedMessage, text);
  }
  transcript.add(message.raw);
  return message.body;
}

/** Queues a message and puts it into the transcript. */
export function send(
  { channel, transcript }: Handshake,
  type: number,
  ...body: readonly Uint8Array[]
): void {
  transcript.add(channel.writeMessage(type, ...body));
}

/** From the ClientHello to the ServerHello, with one HelloRetryRequest between them at most. */
export async function exchangeHellos(
  options: TlsClientOptions,
  records: RecordLayer,
  channel: Channel,
): Promise<Handshake & Hellos> {
  const handshake = { options, records, channel, transcript: new Transcript() };
  const first = await sayHello(handshake, newOffer(options));
  channel.agreeOnVersion(first.server.version);
  if (!first.server.isRetry) return { ...handshake, ...first, retried: false };

  channel.requireBoundary();
  const { hash, code } = first.server.suite;
  const answer = first.answer;
  handshake.transcript.replaceByHash(hash);
  handshake.transcript.add(answer);
  const offer = retriedOffer(first.offer, first.server);
  records.writeChangeCipherSpec();
  const second = await sayHello(handshake, offer);
  if (second.server.isRetry) {
    throw new TlsFailure(alerts.unexpectedMessage, 'the server asked for two retries');
  }
  if (second.server.version !== 'TLSv1.3' || second.server.suite.code !== code) {
    throw new TlsFailure(alerts.illegalParameter, 'the server changed its mind after a retry');
  }
  return { ...handshake, ...second, retried: true };
}

/** The server's answer stays out of the transcript while it may be a HelloRetryRequest. */
async function sayHello(
  handshake: Handshake,
  offer: Offer,
): Promise<Omit<Hellos, 'retried'> & { readonly answer: Buffer }> {
  const { body, offered } = clientHello(offer);
  send(handshake, messageTypes.clientHello, body);
  handshake.records.flush();
  const message = await handshake.channel.readMessage();
  if (message.type !== messageTypes.serverHello) {
    throw new TlsFailure(alerts.unexpectedMessage, 'the server did not begin with a ServerHello');
  }
  const server = readServerHello(message.body, offer, offered);
  if (!server.isRetry) handshake.transcript.add(message.raw);
  return { offer, offered, server, answer: message.raw };
}

/** RFC 8446 §4.1.4, §4.2.8: a retry must change something, and only to what was offered. */
function retriedOffer(offer: Offer, { extensions }: ServerHello): Offer {
  const cookie = wantedCookie(extensions.get(extensionTypes.cookie));
  const wanted = extensions.get(extensionTypes.keyShare);
  if (wanted === undefined) {
    if (cookie === null) {
      throw new TlsFailure(alerts.illegalParameter, 'the server asked for a retry of nothing new');
    }
    return { ...offer, cookie };
  }
  const reader = new ByteReader(wanted, 'HelloRetryRequest');
  const code = reader.uint(2);
  reader.end();
  const group = offer.options.groups.find((name) => groupCodes[name] === code);
  if (group === undefined || group === offer.share?.group) {
    throw new TlsFailure(alerts.illegalParameter, 'the server asked for a group not offered');
  }
  return { ...offer, cookie, share: newKeyShare(group) };
}

function wantedCookie(content: Buffer | undefined): Buffer | null {
  if (content === undefined) return null;
  const reader = new ByteReader(content, 'HelloRetryRequest');
  const cookie = reader.vector(2, 1);
  reader.end();
  return cookie;
}
