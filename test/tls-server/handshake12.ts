import { randomBytes } from 'node:crypto';
import { FieldReader, uint8, uint16, vector } from './bytes.ts';
import type { ServerIdentity } from './conduct.ts';
import { type EphemeralKey, ephemeralKey, groups } from './key-exchange.ts';
import {
  alpnExtension,
  type ClientHello,
  type Extension,
  extension,
  extensionTypes,
  message,
  messageTypes,
  serverHello,
} from './messages.ts';
import { protection12 } from './protection.ts';
import { type Hash, hashOf, prf } from './secrets.ts';
import type { Session } from './session.ts';
import { defaultRequested, receiveMessage, Stopped, signatureOf, verifies } from './steps.ts';
import { parametersOf, usualSuite12 } from './suites.ts';

const verifyOctets = 12;

/** What both sides know after the hellos. */
interface Agreed {
  readonly hash: Hash;
  readonly keyOctets: number;
  readonly clientRandom: Buffer;
  readonly serverRandom: Buffer;
  readonly extendedMasterSecret: boolean;
}

/** A full handshake of TLS 1.2 with ECDHE and AES-GCM (RFC 5246 §7.3, RFC 5289, RFC 7627). */
export async function handshake12(
  session: Session,
  client: ClientHello,
  identity: ServerIdentity,
): Promise<void> {
  const { conduct } = session;
  const agreed = sendHello(session, client, identity);
  const list = (conduct.certificates ?? [identity.der]).map((der) => vector(3, der));
  session.send({ name: 'Certificate', bytes: message('Certificate', vector(3, ...list)) });
  const ephemeral = sendKeyExchange(session, agreed, identity);
  if (conduct.asksForCertificate === true) sendRequest(session);
  session.send({ name: 'ServerHelloDone', bytes: message('ServerHelloDone') });

  const master = await readClientFlight(session, agreed, ephemeral);
  const [clientKeys, serverKeys] = keysOf(agreed, master);
  session.read = protection12(...clientKeys);
  await readFinished(session, agreed, master);
  session.send({ name: 'ChangeCipherSpec', bytes: uint8(1) });
  session.write = protection12(...serverKeys);
  const verify = verifyData(session, agreed, master, 'server finished');
  session.send({ name: 'Finished', bytes: message('Finished', verify) });
  session.flush();
}

function sendHello(session: Session, client: ClientHello, identity: ServerIdentity): Agreed {
  const { conduct } = session;
  const suite = conduct.suite ?? usualSuite12(identity.key);
  const asked = (type: number): boolean => client.extensions.has(type);
  const extensions: Extension[] = [];
  const add = (type: number, data = Buffer.alloc(0)): number =>
    extensions.push(extension(type, data));
  if (asked(extensionTypes.extendedMasterSecret)) add(extensionTypes.extendedMasterSecret);
  add(extensionTypes.renegotiationInfo, Buffer.of(0));
  if (asked(extensionTypes.pointFormats)) add(extensionTypes.pointFormats, Buffer.of(1, 0));
  if (asked(extensionTypes.alpn)) extensions.push(alpnExtension('http/1.1'));
  const honest = {
    version: 0x0303,
    random: randomBytes(32),
    sessionId: Buffer.alloc(0),
    suite,
    compression: 0,
    extensions,
  };
  const hello = conduct.serverHello?.(honest, client) ?? honest;
  session.send({ name: 'ServerHello', bytes: serverHello(hello) });
  return {
    ...parametersOf(suite),
    clientRandom: client.random,
    serverRandom: hello.random,
    extendedMasterSecret: hello.extensions.some(
      ({ type }) => type === extensionTypes.extendedMasterSecret,
    ),
  };
}

/** The signed ephemeral key (RFC 8422 §5.4). */
function sendKeyExchange(session: Session, agreed: Agreed, identity: ServerIdentity): EphemeralKey {
  const { conduct } = session;
  const group = conduct.group ?? groups.x25519;
  const ephemeral = ephemeralKey(group);
  const curve = conduct.curve ?? Buffer.concat([uint8(3), uint16(group)]);
  const parameters = Buffer.concat([curve, vector(1, conduct.share ?? ephemeral.share)]);
  const content = Buffer.concat([agreed.clientRandom, agreed.serverRandom, parameters]);
  const { scheme, signature } = signatureOf(session, content, identity);
  session.send({
    name: 'ServerKeyExchange',
    bytes: message('ServerKeyExchange', parameters, uint16(scheme), vector(2, signature)),
  });
  return ephemeral;
}

function sendRequest(session: Session): void {
  const schemes = session.conduct.requestedSchemes ?? defaultRequested;
  session.send({
    name: 'CertificateRequest',
    bytes: message(
      'CertificateRequest',
      vector(1, Buffer.of(64, 1)),
      vector(2, ...schemes.map(uint16)),
      vector(2),
    ),
  });
}

/** Certificate, ClientKeyExchange, CertificateVerify, change_cipher_spec. @returns the master secret. */
async function readClientFlight(
  session: Session,
  agreed: Agreed,
  ephemeral: EphemeralKey,
): Promise<Buffer> {
  let master: Buffer | null = null;
  for (;;) {
    const incoming = await session.receive();
    if (incoming.kind === 'changeCipherSpec' && master !== null) return master;
    if (incoming.kind !== 'message') throw new Stopped(`${incoming.kind} in the client's flight`);
    const { bytes } = incoming;
    const body = new FieldReader(bytes.subarray(4));
    if (bytes[0] === messageTypes.CertificateVerify) checkVerify(session, body);
    session.transcript = Buffer.concat([session.transcript, bytes]);
    if (bytes[0] === messageTypes.Certificate) {
      const list = new FieldReader(body.vector(3));
      while (!list.done) session.log.certificates.push(list.vector(3));
    } else if (bytes[0] === messageTypes.ClientKeyExchange) {
      master = masterSecret(session, agreed, ephemeral.sharedWith(body.vector(1)));
    }
  }
}

function masterSecret({ transcript }: Session, agreed: Agreed, shared: Buffer): Buffer {
  const { hash, clientRandom, serverRandom } = agreed;
  return agreed.extendedMasterSecret
    ? prf(hash, shared, 'extended master secret', hashOf(hash, transcript), 48)
    : prf(hash, shared, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48);
}

/** RFC 5246 §7.4.8: over all messages so far. */
function checkVerify(session: Session, body: FieldReader): void {
  const scheme = body.number(2);
  const right = verifies(session, scheme, session.transcript, body.vector(2));
  if (!right && session.conduct.tolerant !== true) throw new Stopped('CertificateVerify is wrong');
}

async function readFinished(session: Session, agreed: Agreed, master: Buffer): Promise<void> {
  const expected = verifyData(session, agreed, master, 'client finished');
  const bytes = await receiveMessage(session, 'Finished');
  const right = bytes?.subarray(4).equals(expected) === true;
  session.log.complete = right;
  if (!right && session.conduct.tolerant !== true) throw new Stopped('Finished is wrong');
  session.transcript = Buffer.concat([session.transcript, bytes ?? message('Finished', expected)]);
}

function verifyData({ transcript }: Session, { hash }: Agreed, master: Buffer, label: string) {
  return prf(hash, master, label, hashOf(hash, transcript), verifyOctets);
}

/** Key and salt of the client and of the server (RFC 5246 §6.3). */
function keysOf(agreed: Agreed, master: Buffer): readonly [[Buffer, Buffer], [Buffer, Buffer]] {
  const { hash, keyOctets: octets, clientRandom, serverRandom } = agreed;
  const seed = Buffer.concat([serverRandom, clientRandom]);
  const reader = new FieldReader(prf(hash, master, 'key expansion', seed, 2 * octets + 8));
  const [clientKey, serverKey] = [reader.take(octets), reader.take(octets)];
  return [
    [clientKey, reader.take(4)],
    [serverKey, reader.take(4)],
  ];
}
