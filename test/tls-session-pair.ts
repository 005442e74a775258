import { PassThrough } from 'node:stream';
import { Channel } from '../electron/tls/token/channel.ts';
import { type CipherSuite, cipherSuites } from '../electron/tls/token/cipher-suites.ts';
import { trafficKeys } from '../electron/tls/token/key-schedule.ts';
import { RecordLayer } from '../electron/tls/token/record-layer.ts';
import { Protection12, Protection13 } from '../electron/tls/token/record-protection.ts';
import { Session } from '../electron/tls/token/session.ts';

type Version = 'TLSv1.2' | 'TLSv1.3';

/** One end of a connection. */
export interface End {
  readonly records: RecordLayer;
  readonly channel: Channel;
}

/** A session of the client, and the server's end of it, with the handshake behind them. */
export interface SessionPair {
  readonly session: Session;
  readonly client: End;
  readonly server: End;
  /** The server's half of the connection ends, without close_notify. */
  cut(): void;
  readonly suite: CipherSuite;
  /** The secrets both began with. */
  readonly secrets: { readonly client: Buffer; readonly server: Buffer };
}

function end(incoming: PassThrough, outgoing: PassThrough): End {
  const chunks: AsyncIterator<Buffer> = incoming.iterator({ destroyOnReturn: false });
  const records = new RecordLayer(chunks, (bytes) => void outgoing.write(bytes));
  return { records, channel: new Channel(records) };
}

function protect({ records, channel }: End, version: Version, reads: number, writes: number) {
  const suite = suiteOf(version);
  const make = (number: number) =>
    version === 'TLSv1.3'
      ? new Protection13(trafficKeys(suite, Buffer.alloc(32, number)))
      : new Protection12({ key: Buffer.alloc(16, number), salt: Buffer.alloc(4, number) });
  channel.agreeOnVersion(version);
  channel.protectReading(make(reads));
  records.protectWriting(make(writes));
  channel.completeHandshake();
}

function suiteOf(version: Version): CipherSuite {
  const suite = cipherSuites.find((candidate) => candidate.version === version);
  if (suite === undefined) throw new Error('no suite');
  return suite;
}

/** @param mostRecords that the client may write under one key. */
export function sessionPair(version: Version, mostRecords?: number): SessionPair {
  const [toClient, toServer] = [new PassThrough(), new PassThrough()];
  const client = end(toClient, toServer);
  const server = end(toServer, toClient);
  protect(client, version, 1, 2);
  protect(server, version, 2, 1);
  const suite = suiteOf(version);
  const secrets = { client: Buffer.alloc(32, 2), server: Buffer.alloc(32, 1) };
  const established = {
    negotiated: {
      version,
      suite,
      group: 'x25519',
      applicationProtocol: null,
      serverChain: [],
      serverScheme: 'ed25519',
      clientScheme: null,
      extendedMasterSecret: true,
    },
    tlsUnique: null,
    trafficSecrets:
      version === 'TLSv1.3'
        ? { client: Buffer.from(secrets.client), server: Buffer.from(secrets.server) }
        : null,
    exportKeyingMaterial: () => Buffer.alloc(0),
    wipe: () => undefined,
  } as const;
  const session = new Session(client.records, client.channel, established, mostRecords);
  return { session, client, server, cut: () => void toClient.end(), suite, secrets };
}
