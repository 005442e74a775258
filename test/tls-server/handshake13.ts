import { randomBytes } from 'node:crypto';
import { FieldReader, uint8, uint16, vector } from './bytes.ts';
import type { ServerIdentity } from './conduct.ts';
import { ephemeralKey, groups } from './key-exchange.ts';
import {
  alpnExtension,
  type ClientHello,
  clientShares,
  extension,
  extensionList,
  extensionTypes,
  keyShareExtension,
  message,
  readClientHello,
  retryRandom,
  schemesExtension,
  serverHello,
} from './messages.ts';
import { protection13 } from './protection.ts';
import { hashOf, KeySchedule } from './secrets.ts';
import type { Session } from './session.ts';
import { defaultRequested, receiveMessage, Stopped, signatureOf, verifies } from './steps.ts';
import { parametersOf, suiteNumbers } from './suites.ts';

const selectedVersion = extension(extensionTypes.supportedVersions, uint16(0x0304));

/** The traffic secrets of both directions. */
interface Traffic {
  readonly client: Buffer;
  readonly server: Buffer;
}

/** A full handshake of TLS 1.3 (RFC 8446 §2). @returns how to change the keys (§4.6.3). */
export async function handshake13(
  session: Session,
  first: ClientHello,
  identity: ServerIdentity,
): Promise<() => void> {
  const suite = session.conduct.suite ?? suiteNumbers.aes128Sha256;
  const { hash, keyOctets } = parametersOf(suite);
  const schedule = new KeySchedule(hash);
  const protect = (traffic: Buffer) => protection13(hash, keyOctets, traffic);

  const client = await retry(session, first, schedule, suite);
  sendHello(session, client, schedule, suite);
  const handshake = trafficOf(session, schedule, 'hs');
  session.write = protect(handshake.server);
  session.read = protect(handshake.client);

  sendServerFlight(session, client, schedule, identity, handshake);
  schedule.mix();
  const application = trafficOf(session, schedule, 'ap');
  session.flush();
  session.write = protect(application.server);

  await readClientFlight(session, schedule, handshake);
  session.read = protect(application.client);
  let { server } = application;
  return () => {
    server = schedule.next(server);
    session.write = protect(server);
  };
}

function trafficOf({ transcript }: Session, schedule: KeySchedule, stage: 'hs' | 'ap'): Traffic {
  return {
    client: schedule.derive(`c ${stage} traffic`, transcript),
    server: schedule.derive(`s ${stage} traffic`, transcript),
  };
}

/** Sends the HelloRetryRequests of the conduct (RFC 8446 §4.1.4). @returns the last ClientHello. */
async function retry(
  session: Session,
  first: ClientHello,
  { hash }: KeySchedule,
  suite: number,
): Promise<ClientHello> {
  let client = first;
  for (const group of session.conduct.retries ?? []) {
    const honest = {
      version: 0x0303,
      random: retryRandom,
      sessionId: client.sessionId,
      suite,
      compression: 0,
      extensions: [selectedVersion, extension(extensionTypes.keyShare, uint16(group))],
    };
    const hello = session.conduct.retryHello?.(honest, client) ?? honest;
    session.transcript = message('MessageHash', hashOf(hash, session.transcript));
    session.send({ name: 'ServerHello', bytes: serverHello(hello) });
    const bytes = await receiveMessage(session, 'ClientHello');
    if (bytes === null) throw new Stopped('no second ClientHello');
    session.transcript = Buffer.concat([session.transcript, bytes]);
    client = readClientHello(bytes);
  }
  return client;
}

function sendHello(
  session: Session,
  client: ClientHello,
  schedule: KeySchedule,
  suite: number,
): void {
  const { conduct } = session;
  const group = conduct.group ?? conduct.retries?.at(-1) ?? groups.x25519;
  const ephemeral = ephemeralKey(group);
  const theirs = clientShares(client).get(group);
  const honest = {
    version: 0x0303,
    random: randomBytes(32),
    sessionId: client.sessionId,
    suite,
    compression: 0,
    extensions: [selectedVersion, keyShareExtension(group, conduct.share ?? ephemeral.share)],
  };
  const hello = conduct.serverHello?.(honest, client) ?? honest;
  session.send({ name: 'ServerHello', bytes: serverHello(hello) });
  session.send({ name: 'ChangeCipherSpec', bytes: uint8(1) });
  // Without a share of the client there is nothing to agree on; it must not come so far.
  schedule.mix(theirs === undefined ? Buffer.alloc(32) : ephemeral.sharedWith(theirs));
}

function sendServerFlight(
  session: Session,
  client: ClientHello,
  schedule: KeySchedule,
  identity: ServerIdentity,
  traffic: Traffic,
): void {
  const { conduct } = session;
  const usual = client.extensions.has(extensionTypes.alpn) ? [alpnExtension('http/1.1')] : [];
  const extensions = conduct.encryptedExtensions?.(usual) ?? usual;
  session.send({
    name: 'EncryptedExtensions',
    bytes: message('EncryptedExtensions', extensionList(extensions)),
  });
  if (conduct.asksForCertificate === true) {
    const wanted = schemesExtension(conduct.requestedSchemes ?? defaultRequested);
    const bytes = message('CertificateRequest', uint8(0), extensionList([wanted]));
    session.send({ name: 'CertificateRequest', bytes });
  }
  const entries = (conduct.certificates ?? [identity.der]).map((der, index) => {
    const its = index === 0 ? (conduct.certificateExtensions ?? []) : [];
    return Buffer.concat([vector(3, der), extensionList(its)]);
  });
  const list = vector(3, ...entries);
  session.send({ name: 'Certificate', bytes: message('Certificate', uint8(0), list) });
  const content = signedContent(session, schedule, 'server');
  const { scheme, signature } = signatureOf(session, content, identity);
  const verify = message('CertificateVerify', uint16(scheme), vector(2, signature));
  session.send({ name: 'CertificateVerify', bytes: verify });
  const data = schedule.finished(traffic.server, session.transcript);
  session.send({ name: 'Finished', bytes: message('Finished', data) });
}

/** What a CertificateVerify signs (RFC 8446 §4.4.3). */
function signedContent({ transcript }: Session, { hash }: KeySchedule, side: 'server' | 'client') {
  const context = Buffer.from(`TLS 1.3, ${side} CertificateVerify`, 'latin1');
  return Buffer.concat([Buffer.alloc(64, 0x20), context, uint8(0), hashOf(hash, transcript)]);
}

async function readClientFlight(
  session: Session,
  schedule: KeySchedule,
  traffic: Traffic,
): Promise<void> {
  const { conduct, log } = session;
  const took = async (name: 'Certificate' | 'CertificateVerify' | 'Finished', check: Check) => {
    const bytes = await receiveMessage(session, name);
    const right = bytes !== null && check(bytes.subarray(4));
    if (!right && conduct.tolerant !== true) throw new Stopped(`${name} is wrong`);
    session.transcript = Buffer.concat([session.transcript, bytes ?? Buffer.alloc(0)]);
    return right;
  };
  if (conduct.asksForCertificate === true) {
    await took('Certificate', (body) => readCertificates(session, body));
    if (log.certificates.length > 0) {
      await took('CertificateVerify', (body) => {
        const fields = new FieldReader(body);
        const scheme = fields.number(2);
        const content = signedContent(session, schedule, 'client');
        return verifies(session, scheme, content, fields.vector(2));
      });
    }
  }
  log.complete = await took('Finished', (body) =>
    body.equals(schedule.finished(traffic.client, session.transcript)),
  );
}

type Check = (body: Buffer) => boolean;

function readCertificates({ log }: Session, body: Buffer): boolean {
  const fields = new FieldReader(body);
  fields.vector(1);
  const list = new FieldReader(fields.vector(3));
  while (!list.done) {
    log.certificates.push(list.vector(3));
    list.vector(2);
  }
  return true;
}
