import { ByteReader, vector } from './bytes.ts';
import { type HandshakeMessage, messageTypes } from './channel.ts';
import { certificate12, certificateVerify, chooseScheme, readCredential } from './client-proof.ts';
import { approveServer, checkFinished, type Established } from './established.ts';
import { checkEmpty, chosenProtocol, extensionTypes } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import { type HeldSecrets, holdingSecrets } from './held-secrets.ts';
import { type Handshake, type Hellos, receive, send } from './hello-exchange.ts';
import { groupCodes, newKeyShare } from './key-exchange.ts';
import type { Negotiated } from './options.ts';
import {
  directionKeys,
  exportFromMaster,
  extendedMasterSecret,
  masterSecret,
  type Randoms,
  verifyData,
} from './prf.ts';
import { Protection12 } from './record-protection.ts';
import { checkCurve, checkProof, serverKey } from './server-key.ts';
import {
  type CertificateRequest,
  readCertificateRequest12,
  readCertificates12,
  readServerKeyExchange,
  type ServerKeyExchange,
} from './server-messages.ts';

/**
 * TLS 1.2 from the ServerHello on (RFC 5246 §7.3, RFC 8422 §2): the server has proven its key by
 * signing its share, and was judged, before the client's Certificate leaves.
 * @param onAnswer called when the client's last flight leaves.
 */
export async function handshake12(
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
  const { options, records, channel, transcript, server, offer } = handshake;
  const { suite } = server;
  const randoms: Randoms = { client: offer.random, server: server.random };
  const { extended, applicationProtocol } = readAnswers(handshake);

  const chain = readCertificates12(await receive(handshake, messageTypes.certificate));
  const exchange = readServerKeyExchange(
    await receive(handshake, messageTypes.serverKeyExchange),
    options.schemes,
  );
  checkExchange(exchange, chain, randoms, handshake);
  const group = options.groups.find((name) => groupCodes[name] === exchange.groupCode);
  if (group === undefined) {
    throw new TlsFailure(alerts.illegalParameter, 'the server chose a group not offered');
  }
  const request = await receiveRequestAndDone(handshake);
  approveServer(options, chain);
  const share = newKeyShare(group);
  const premaster = passing.hold(share.agree(exchange.publicKey));

  onAnswer();
  const proof = request && options.credential && readCredential(options.credential);
  const clientScheme = proof && chooseScheme(proof, request, 'TLSv1.2');
  if (request) send(handshake, messageTypes.certificate, certificate12(proof));
  send(handshake, messageTypes.clientKeyExchange, vector(1, share.publicKey));
  const master = extended
    ? extendedMasterSecret(suite.hash, premaster, transcript.digest(suite.hash))
    : masterSecret(suite.hash, premaster, randoms);
  lasting.hold(master);
  if (proof && clientScheme) {
    const body = await certificateVerify(proof, clientScheme, transcript.bytes());
    send(handshake, messageTypes.certificateVerify, body);
  }
  const keys = directionKeys(suite, master, randoms);
  for (const { key, salt } of [keys.client, keys.server]) {
    passing.hold(key);
    passing.hold(salt);
  }
  const tlsUnique = verifyData(suite.hash, master, 'client', transcript.digest(suite.hash));
  records.writeChangeCipherSpec();
  records.protectWriting(new Protection12(keys.client));
  send(handshake, messageTypes.finished, tlsUnique);
  records.flush();

  await channel.readChangeCipherSpec();
  channel.protectReading(new Protection12(keys.server));
  const expected = verifyData(suite.hash, master, 'server', transcript.digest(suite.hash));
  checkFinished(await receive(handshake, messageTypes.finished), expected);
  channel.requireBoundary();
  channel.completeHandshake();

  const negotiated: Negotiated = {
    version: 'TLSv1.2',
    suite,
    group,
    applicationProtocol,
    serverChain: chain,
    serverScheme: exchange.scheme,
    clientScheme,
    extendedMasterSecret: extended,
  };
  return {
    negotiated,
    tlsUnique,
    trafficSecrets: null,
    exportKeyingMaterial(label, context, length) {
      lasting.demand();
      return exportFromMaster(suite.hash, master, randoms, label, context, length);
    },
    wipe: () => lasting.wipe(),
  };
}

/** The extensions of the ServerHello. */
function readAnswers({ options, server }: Handshake & Hellos) {
  const { extensions } = server;
  const extended = extensions.get(extensionTypes.extendedMasterSecret);
  checkEmpty(extended, 'ServerHello');
  checkEmpty(extensions.get(extensionTypes.serverName), 'ServerHello');
  if (extended === undefined && options.requireExtendedMasterSecret) {
    const message = 'the server does not know the extended master secret (RFC 7627)';
    throw new TlsFailure(alerts.handshakeFailure, message);
  }
  checkRenegotiationInfo(extensions.get(extensionTypes.renegotiationInfo));
  checkPointFormats(extensions.get(extensionTypes.ecPointFormats));
  const applicationProtocol = chosenProtocol(extensions, options.applicationProtocols);
  return { extended: extended !== undefined, applicationProtocol };
}

/** RFC 5746 §3.4: on a first handshake it is empty; a server without it lets others speak before us. */
function checkRenegotiationInfo(content: Buffer | undefined): void {
  if (content?.equals(Buffer.of(0))) return;
  const message = 'the server does not protect its renegotiation (RFC 5746)';
  throw new TlsFailure(alerts.handshakeFailure, message);
}

/** RFC 8422 §5.1.2: uncompressed must be among them. */
function checkPointFormats(content: Buffer | undefined): void {
  if (content === undefined) return;
  const reader = new ByteReader(content, 'ServerHello');
  const formats = reader.vector(1, 1);
  reader.end();
  if (!formats.includes(0)) {
    throw new TlsFailure(alerts.illegalParameter, 'the server cannot read uncompressed points');
  }
}

function checkExchange(
  exchange: ServerKeyExchange,
  chain: readonly Buffer[],
  randoms: Randoms,
  { server, options }: Handshake & Hellos,
): void {
  const key = serverKey(chain);
  // RFC 8422 §2.1: Ed25519 goes with the ECDSA suites.
  const signs = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecdsa';
  if (server.suite.signedBy !== signs) {
    throw new TlsFailure(alerts.illegalParameter, 'cipher suite and server key do not fit');
  }
  checkCurve(key, options.groups);
  const signed = Buffer.concat([randoms.client, randoms.server, exchange.parameters]);
  checkProof(key, exchange, signed, 'TLSv1.2');
}

/** CertificateRequest may come before ServerHelloDone (RFC 5246 §7.4.4). */
async function receiveRequestAndDone(handshake: Handshake): Promise<CertificateRequest | null> {
  const { channel, transcript } = handshake;
  let request: CertificateRequest | null = null;
  let message: HandshakeMessage = await channel.readMessage();
  if (message.type === messageTypes.certificateRequest) {
    request = readCertificateRequest12(message.body);
    transcript.add(message.raw);
    message = await channel.readMessage();
  }
  if (message.type !== messageTypes.serverHelloDone) {
    throw new TlsFailure(alerts.unexpectedMessage, 'the server did not end its first flight');
  }
  transcript.add(message.raw);
  checkEmpty(message.body, 'ServerHelloDone');
  channel.requireBoundary();
  return request;
}
