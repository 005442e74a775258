import { signatureSchemes } from '../../electron/tls/connector.ts';
import { ByteReader } from '../../electron/tls/token/bytes.ts';
import { Channel } from '../../electron/tls/token/channel.ts';
import { clientHello, newOffer } from '../../electron/tls/token/client-hello.ts';
import { readExtensions } from '../../electron/tls/token/extensions.ts';
import { AlertReceived, alerts, TlsFailure, WireEnded } from '../../electron/tls/token/failure.ts';
import type { TlsClientOptions, Version } from '../../electron/tls/token/options.ts';
import { RecordLayer } from '../../electron/tls/token/record-layer.ts';
import { contentTypes } from '../../electron/tls/token/record-protection.ts';
import { readServerHello } from '../../electron/tls/token/server-hello.ts';
import { serverKey } from '../../electron/tls/token/server-key.ts';
import {
  readCertificateRequest12,
  readCertificateRequest13,
  readCertificates12,
  readCertificates13,
  readServerKeyExchange,
  readSigned,
} from '../../electron/tls/token/server-messages.ts';
import { sessionPair } from '../tls-session-pair.ts';
import type { FuzzTarget } from './targets.ts';

const options: TlsClientOptions = {
  minTls: 'TLSv1.2',
  maxTls: 'TLSv1.3',
  serverName: 'est.example',
  applicationProtocols: ['http/1.1'],
  groups: ['x25519', 'secp256r1', 'secp384r1'],
  schemes: signatureSchemes,
  requireExtendedMasterSecret: false,
  credential: null,
  judge: () => undefined,
};
/** What the corpus answers to. */
const offer = { ...newOffer(options), sessionId: Buffer.alloc(32, 7) };
const { offered } = clientHello(offer);

/** A refusal with an alert is as good as reading; internal_error says that the client is at a loss. */
function refusing(read: (input: Buffer) => unknown): FuzzTarget['read'] {
  const judge = (error: unknown): void => {
    if (error instanceof TlsFailure && error.alert !== alerts.internalError) return;
    if (error instanceof AlertReceived || error instanceof WireEnded) return;
    throw error;
  };
  return (input) => {
    try {
      const result = read(input);
      return result instanceof Promise ? result.catch(judge) : result;
    } catch (error) {
      return judge(error);
    }
  };
}

/** Every parser of the token connector: messages, extensions, records. */
export const tlsTargets: readonly FuzzTarget[] = [
  ...(
    [
      ['tls-server-hello', (input) => readServerHello(input, offer, offered)],
      ['tls-extensions', (input) => readExtensions(input, 'EncryptedExtensions')],
      ['tls-certificates-12', readCertificates12],
      ['tls-certificates-13', (input) => readCertificates13(input, offered)],
      ['tls-certificate-request-12', readCertificateRequest12],
      ['tls-certificate-request-13', readCertificateRequest13],
      ['tls-server-key-exchange', (input) => readServerKeyExchange(input, signatureSchemes)],
      [
        'tls-certificate-verify',
        (input) => readSigned(new ByteReader(input, 'CertificateVerify'), signatureSchemes),
      ],
      ['tls-server-key', (input) => serverKey([input])],
      ['tls-records-12', (input) => readRecords(input, 'TLSv1.2')],
      ['tls-records-13', (input) => readRecords(input, 'TLSv1.3')],
      ['tls-session-12', (input) => readSession(input, 'TLSv1.2')],
      ['tls-session-13', (input) => readSession(input, 'TLSv1.3')],
    ] as const satisfies readonly (readonly [string, (input: Buffer) => unknown])[]
  ).map(([name, read]) => ({ name, read: refusing(read) })),
];

/** Reads a stream of records to its end. */
async function readRecords(input: Buffer, version: Version): Promise<void> {
  async function* wire(): AsyncGenerator<Buffer> {
    yield input;
  }
  const channel = new Channel(new RecordLayer(wire(), () => undefined));
  channel.agreeOnVersion(version);
  while ((await channel.read()).kind !== 'closed') channel.requireBoundary();
}

/** Reads handshake messages that come after the handshake, and what follows them, to the end. */
async function readSession(input: Buffer, version: Version): Promise<void> {
  const { session, server, cut } = sessionPair(version);
  server.records.write(contentTypes.handshake, input);
  server.records.write(contentTypes.applicationData, Buffer.from('text'));
  server.channel.sendAlert(alerts.closeNotify);
  cut();
  while ((await session.read()) !== null);
}
