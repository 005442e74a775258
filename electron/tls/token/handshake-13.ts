import { ByteReader } from './bytes.ts';
import { messageTypes } from './channel.ts';
import {
  type ClientProof,
  certificate13,
  certificateVerify,
  chooseScheme,
  readCredential,
} from './client-proof.ts';
import { approveServer, checkFinished, type Established } from './established.ts';
import {
  checkEmpty,
  checkExtensions,
  chosenProtocol,
  extensionTypes,
  readExtensions,
} from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import { type HeldSecrets, holdingSecrets } from './held-secrets.ts';
import { type Handshake, type Hellos, receive, send } from './hello-exchange.ts';
import { type GroupName, groupCodes } from './key-exchange.ts';
import {
  applicationSecrets,
  exportFromSecret,
  finishedValue,
  handshakeSecrets,
  trafficKeys,
} from './key-schedule.ts';
import type { Negotiated } from './options.ts';
import { Protection13 } from './record-protection.ts';
import { checkProof, serverKey } from './server-key.ts';
import {
  type CertificateRequest,
  readCertificateRequest13,
  readCertificates13,
  readSigned,
} from './server-messages.ts';

/**
 * TLS 1.3 from the ServerHello on (RFC 8446 §2): the server has proven its key and was judged
 * before the client's Certificate leaves.
 * @param onAnswer called when the client's last flight leaves.
 */
export async function handshake13(
  handshake: Handshake & Hellos,
  onAnswer: () => void,
): Promise<Established> {
  return await holdingSecrets((passing, lasting) => run(handshake, onAnswer, passing, lasting));
}

/**
 * @param passing gets the secrets of the handshake.
 * @param lasting gets those of the connection.
 */
async function run(
  handshake: Handshake & Hellos,
  onAnswer: () => void,
  passing: HeldSecrets,
  lasting: HeldSecrets,
): Promise<Established> {
  const { options, records, channel, transcript, server, offered } = handshake;
  const { suite } = server;
  const { group, shared } = agreeOnSecret(handshake);
  passing.hold(shared);
  const early = handshakeSecrets(suite.hash, shared, transcript.digest(suite.hash));
  for (const secret of [early.client, early.server, early.master]) passing.hold(secret);
  if (!handshake.retried) records.writeChangeCipherSpec();
  channel.protectReading(new Protection13(trafficKeys(suite, early.server)));
  records.protectWriting(new Protection13(trafficKeys(suite, early.client)));

  const applicationProtocol = readEncryptedExtensions(
    await receive(handshake, messageTypes.encryptedExtensions),
    handshake,
  );
  const { request, chain } = await receiveCertificate(handshake, offered);
  const key = serverKey(chain);
  const signedPart = transcript.digest(suite.hash);
  const verifyBody = await receive(handshake, messageTypes.certificateVerify);
  const proof = readSigned(new ByteReader(verifyBody, 'CertificateVerify'), options.schemes);
  checkProof(key, proof, signedContent('server', signedPart), 'TLSv1.3');
  const expected = finishedValue(suite.hash, early.server, transcript.digest(suite.hash));
  checkFinished(await receive(handshake, messageTypes.finished), expected);
  channel.requireBoundary();
  const late = applicationSecrets(suite.hash, early.master, transcript.digest(suite.hash));
  for (const secret of [late.client, late.server, late.exporter]) lasting.hold(secret);
  approveServer(options, chain);

  onAnswer();
  const clientScheme = request && (await sendCertificate(handshake, request));
  const finished = finishedValue(suite.hash, early.client, transcript.digest(suite.hash));
  send(handshake, messageTypes.finished, finished);
  records.flush();
  channel.protectReading(new Protection13(trafficKeys(suite, late.server)));
  records.protectWriting(new Protection13(trafficKeys(suite, late.client)));
  channel.completeHandshake();

  const negotiated: Negotiated = {
    version: 'TLSv1.3',
    suite,
    group,
    applicationProtocol,
    serverChain: chain,
    serverScheme: proof.scheme,
    clientScheme,
    extendedMasterSecret: true,
  };
  return {
    negotiated,
    tlsUnique: null,
    trafficSecrets: { client: late.client, server: late.server },
    exportKeyingMaterial(label, context, length) {
      lasting.demand();
      return exportFromSecret(suite.hash, late.exporter, label, context, length);
    },
    wipe: () => lasting.wipe(),
  };
}

/** RFC 8446 §4.2.8: the server's key must be of the group whose key was sent. */
function agreeOnSecret({ server, offer }: Hellos): { group: GroupName; shared: Buffer } {
  const content = server.extensions.get(extensionTypes.keyShare);
  if (content === undefined || offer.share === null) {
    throw new TlsFailure(alerts.missingExtension, 'the server sent no key for the key exchange');
  }
  const reader = new ByteReader(content, 'key share');
  const code = reader.uint(2);
  const peer = reader.vector(2, 1);
  reader.end();
  const { group } = offer.share;
  if (code !== groupCodes[group]) {
    throw new TlsFailure(alerts.illegalParameter, 'the server chose a group not offered');
  }
  return { group, shared: offer.share.agree(peer) };
}

/** RFC 8446 §4.3.1. @returns the application protocol. */
function readEncryptedExtensions(body: Buffer, { options, offered }: Handshake & Hellos) {
  const what = 'EncryptedExtensions';
  const reader = new ByteReader(body, what);
  const extensions = readExtensions(reader.vector(2), what);
  reader.end();
  const { serverName, supportedGroups, applicationProtocols } = extensionTypes;
  checkExtensions(extensions, offered, [serverName, supportedGroups, applicationProtocols], what);
  checkEmpty(extensions.get(serverName), what);
  return chosenProtocol(extensions, options.applicationProtocols);
}

/** RFC 8446 §4.3.2, §4.4.2: CertificateRequest may come before Certificate. */
async function receiveCertificate(
  { channel, transcript }: Handshake,
  offered: ReadonlySet<number>,
): Promise<{ request: CertificateRequest | null; chain: readonly Buffer[] }> {
  let request: CertificateRequest | null = null;
  let message = await channel.readMessage();
  if (message.type === messageTypes.certificateRequest) {
    request = readCertificateRequest13(message.body);
    transcript.add(message.raw);
    message = await channel.readMessage();
  }
  if (message.type !== messageTypes.certificate) {
    throw new TlsFailure(alerts.unexpectedMessage, 'the server sent no certificate');
  }
  transcript.add(message.raw);
  return { request, chain: readCertificates13(message.body, offered) };
}

/** @returns the scheme signed with; null when there was no certificate to send. */
async function sendCertificate(
  handshake: Handshake & Hellos,
  request: CertificateRequest,
): Promise<Negotiated['clientScheme']> {
  const { options, server, transcript } = handshake;
  const proof: ClientProof | null = options.credential && readCredential(options.credential);
  const scheme = proof && chooseScheme(proof, request, 'TLSv1.3');
  send(handshake, messageTypes.certificate, certificate13(proof));
  if (proof === null || scheme === null) return null;
  const content = signedContent('client', transcript.digest(server.suite.hash));
  const body = await certificateVerify(proof, scheme, content);
  send(handshake, messageTypes.certificateVerify, body);
  return scheme;
}

/** What a CertificateVerify signs (RFC 8446 §4.4.3). */
function signedContent(side: 'client' | 'server', digest: Buffer): Buffer {
  const context = Buffer.from(`TLS 1.3, ${side} CertificateVerify\0`, 'ascii');
  return Buffer.concat([Buffer.alloc(64, 0x20), context, digest]);
}
