import { FieldReader, uint8, uint16, uint24, vector } from './bytes.ts';

/** Types of handshake messages (RFC 8446 §4, RFC 5246 §7.4). */
export const messageTypes = {
  HelloRequest: 0,
  ClientHello: 1,
  ServerHello: 2,
  NewSessionTicket: 4,
  EndOfEarlyData: 5,
  EncryptedExtensions: 8,
  Certificate: 11,
  ServerKeyExchange: 12,
  CertificateRequest: 13,
  ServerHelloDone: 14,
  CertificateVerify: 15,
  ClientKeyExchange: 16,
  Finished: 20,
  CertificateStatus: 22,
  KeyUpdate: 24,
  MessageHash: 254,
} as const;
export type MessageName = keyof typeof messageTypes;

/** Extensions by number (RFC 8446 §4.2 and others). */
export const extensionTypes = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  keyShare: 51,
  renegotiationInfo: 0xff01,
  unheardOf: 0xfafa,
} as const;

export interface Extension {
  readonly type: number;
  readonly data: Buffer;
}

export const extension = (type: number, data: Buffer = Buffer.alloc(0)): Extension => ({
  type,
  data,
});

export function message(name: MessageName, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint8(messageTypes[name]), uint24(body.length), body]);
}

export const extensionList = (extensions: readonly Extension[]): Buffer =>
  vector(2, ...extensions.map(({ type, data }) => Buffer.concat([uint16(type), vector(2, data)])));

/** What a client offers. */
export interface ClientHello {
  readonly sessionId: Buffer;
  readonly random: Buffer;
  readonly suites: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
}

/** @param bytes the whole message. @throws RangeError when it ends too early. */
export function readClientHello(bytes: Buffer): ClientHello {
  const reader = new FieldReader(bytes.subarray(4));
  reader.take(2);
  const random = reader.take(32);
  const sessionId = reader.vector(1);
  const suiteBytes = new FieldReader(reader.vector(2));
  const suites: number[] = [];
  while (!suiteBytes.done) suites.push(suiteBytes.number(2));
  reader.vector(1);
  const extensions = new Map<number, Buffer>();
  const list = new FieldReader(reader.done ? Buffer.alloc(0) : reader.vector(2));
  while (!list.done) extensions.set(list.number(2), list.vector(2));
  return { sessionId, random, suites, extensions };
}

/** The client's shares by group (RFC 8446 §4.2.8). */
export function clientShares({ extensions }: ClientHello): ReadonlyMap<number, Buffer> {
  const data = extensions.get(extensionTypes.keyShare);
  const shares = new Map<number, Buffer>();
  const list = new FieldReader(data === undefined ? Buffer.alloc(0) : data.subarray(2));
  while (!list.done) shares.set(list.number(2), list.vector(2));
  return shares;
}

/** The fields of a ServerHello or HelloRetryRequest. */
export interface ServerHello {
  readonly version: number;
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: readonly Extension[];
}

export const serverHello = (hello: ServerHello): Buffer =>
  message(
    'ServerHello',
    uint16(hello.version),
    hello.random,
    vector(1, hello.sessionId),
    uint16(hello.suite),
    uint8(hello.compression),
    extensionList(hello.extensions),
  );

/** random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
export const retryRandom: Buffer = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);

/** ALPN with one protocol (RFC 7301 §3.1). */
export const alpnExtension = (protocol: string): Extension =>
  extension(extensionTypes.alpn, vector(2, vector(1, Buffer.from(protocol, 'latin1'))));

export const keyShareExtension = (group: number, share: Buffer): Extension =>
  extension(extensionTypes.keyShare, Buffer.concat([uint16(group), vector(2, share)]));

export const schemesExtension = (schemes: readonly number[]): Extension =>
  extension(extensionTypes.signatureAlgorithms, vector(2, ...schemes.map(uint16)));
