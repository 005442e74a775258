import type { KeyObject } from 'node:crypto';
import type { ClientHello, Extension, MessageName, ServerHello } from './messages.ts';
import type { Session } from './session.ts';

/** A certificate, DER, and its private key. */
export interface ServerIdentity {
  readonly der: Buffer;
  readonly key: KeyObject;
}

/** Something the server puts on the wire. */
export type Action =
  /** Whole handshake messages, in as many records as `recordSize` asks for. */
  | { readonly kind: 'message'; readonly bytes: Buffer; readonly recordSize?: number }
  /** One record with this content, under the keys in force. */
  | { readonly kind: 'record'; readonly type: number; readonly bytes: Buffer }
  /** Exactly these octets. */
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  /** The server's half of the TCP connection ends. */
  | { readonly kind: 'end' }
  /** The TCP connection is reset behind what was sent, as by a server that closes with a request unread. */
  | { readonly kind: 'reset' };

/** A message of the server when it is due. */
export interface Outgoing {
  readonly name: MessageName | 'ChangeCipherSpec';
  /** With its header of four octets; of ChangeCipherSpec the one octet. */
  readonly bytes: Buffer;
}

/** What is to be signed, and by which scheme. */
export interface Signing {
  readonly scheme: number;
  readonly content: Buffer;
  readonly key: KeyObject;
}

/** How a server behaves. Whatever is left out is as an honest server does it. */
export interface Conduct {
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  /** Cipher suite; by default AES-128-GCM with the kind of the server's key. */
  readonly suite?: number;
  /** Named group, X25519 by default. */
  readonly group?: number;
  /** Asks for a client certificate. */
  readonly asksForCertificate?: boolean;
  /** Groups to ask for in HelloRetryRequests, one after the other. */
  readonly retries?: readonly number[];
  readonly retryHello?: (hello: ServerHello, client: ClientHello) => ServerHello;
  readonly serverHello?: (hello: ServerHello, client: ClientHello) => ServerHello;
  readonly encryptedExtensions?: (extensions: readonly Extension[]) => readonly Extension[];
  /** The certificates to send, DER. */
  readonly certificates?: readonly Buffer[];
  /** Extensions of the first certificate (TLS 1.3). */
  readonly certificateExtensions?: readonly Extension[];
  /** Signature schemes to ask the client for. */
  readonly requestedSchemes?: readonly number[];
  /** The server's share in place of its own; what it comes to stays as it was. */
  readonly share?: Buffer;
  /** curve_type and named_curve of ServerKeyExchange in place of the right ones. */
  readonly curve?: Buffer;
  readonly sign?: (signing: Signing) => { readonly scheme: number; readonly signature: Buffer };
  readonly outgoing?: (message: Outgoing, session: Session) => readonly Action[];
  /** What becomes of a whole record, its header included, before it is written. */
  readonly wire?: (record: Buffer) => readonly Buffer[];
  /** Whether the connection ends with what has been written. */
  readonly cutOff?: () => boolean;
  /** Whether the server's transcript has what was sent or what an honest server had sent. */
  readonly transcript?: 'sent' | 'honest';
  /** Goes on whatever the client sends, as far as that is possible. */
  readonly tolerant?: boolean;
  /** After the handshake. */
  readonly afterwards?: (session: Session) => Promise<void> | void;
}

export const sendMessage = (bytes: Buffer): Action => ({ kind: 'message', bytes });
export const sendRecord = (type: number, bytes: Buffer): Action => ({
  kind: 'record',
  type,
  bytes,
});
export const sendRaw = (bytes: Buffer): Action => ({ kind: 'raw', bytes });

/** An alert, fatal unless it is close_notify. */
export const sendAlert = (description: number, level = description === 0 ? 1 : 2): Action =>
  sendRecord(21, Buffer.of(level, description));

/** What an honest server does when a message is due. */
export const honestly = ({ name, bytes }: Outgoing): Action =>
  name === 'ChangeCipherSpec' ? sendRecord(20, bytes) : sendMessage(bytes);

/** Behaves differently when messages of one name are due. */
export function at(
  name: Outgoing['name'],
  behave: (message: Outgoing, session: Session) => readonly Action[],
): NonNullable<Conduct['outgoing']> {
  return (message, session) =>
    message.name === name ? behave(message, session) : [honestly(message)];
}
