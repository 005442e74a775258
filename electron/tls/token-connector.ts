import type { Socket } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import {
  type Connection,
  type ConnectionFacts,
  type ConnectOptions,
  type Connector,
  type ConnectTarget,
  type CredentialSigner,
  type KeystoreCredential,
  signatureSchemes,
} from './connector.ts';
import { connectionFailure, endpointName, handshakeFailure } from './failures.ts';
import { openThroughProxy } from './proxy.ts';
import { identifyServer } from './server-identity.ts';
import { serverNameIndication } from './server-name-indication.ts';
import { openTcp } from './tcp.ts';
import { ApplicationStream } from './token/application-stream.ts';
import { readCredential, usableSchemes } from './token/client-proof.ts';
import type { TlsClientOptions, Version } from './token/options.ts';
import { TlsClient } from './token/tls-client.ts';

const exporterLabel = 'EXPORTER-Channel-Binding';
const exporterBytes = 32;

class TokenConnection implements Connection {
  readonly stream: ApplicationStream;
  readonly facts: ConnectionFacts;
  readonly #client: TlsClient;

  constructor(client: TlsClient, wire: Socket, facts: ConnectionFacts, target: ConnectTarget) {
    this.#client = client;
    this.facts = facts;
    this.stream = new ApplicationStream(client, wire, (error) => connectionFailure(error, target));
  }

  channelBinding(kind: ChannelBindingKind): Buffer {
    return kind === 'tls-unique' ? this.#tlsUnique() : this.#tlsExporter();
  }

  /** RFC 5929 §3.1: the first Finished of a full handshake is the client's. */
  #tlsUnique(): Buffer {
    const { tlsUnique } = this.#client.established;
    if (tlsUnique) return Buffer.from(tlsUnique);
    throw new StationError('POP-06', {
      detail: 'The connection uses TLS 1.3, which has no tls-unique (RFC 8446 §C.5).',
    });
  }

  /** RFC 9266 §2: zero-length context, which on TLS 1.2 differs from none; §4.2 there: only with RFC 7627. */
  #tlsExporter(): Buffer {
    const { negotiated, exportKeyingMaterial } = this.#client.established;
    if (!negotiated.extendedMasterSecret) {
      throw new StationError('POP-06', {
        detail: 'tls-exporter on TLS 1.2 needs the extended master secret (RFC 7627).',
      });
    }
    if (this.stream.destroyed) {
      throw new StationError('POP-06', { detail: 'The connection is closed.' });
    }
    return exportKeyingMaterial(exporterLabel, Buffer.alloc(0), exporterBytes);
  }

  close(): void {
    this.stream.destroy();
  }
}

interface VersionRange {
  readonly minTls: Version;
  readonly maxTls: Version;
}

/**
 * The versions to offer: a key that cannot sign for TLS 1.3 (an RSA key on a card without PSS,
 * RFC 8446 §4.2.3) is used with TLS 1.2.
 * @throws StationError TLS-05 when the credential is unusable, or usable with no version wanted.
 */
function versionsFor(options: ConnectOptions, credential: KeystoreCredential | null): VersionRange {
  const wanted = { minTls: options.minTls, maxTls: options.maxTls };
  if (credential === null) return wanted;
  const proof = readCredential(credential);
  const signs = (version: Version) => usableSchemes(proof, version).length > 0;
  if (signs(wanted.maxTls)) return wanted;
  if (wanted.minTls === 'TLSv1.2' && signs('TLSv1.2')) return { ...wanted, maxTls: 'TLSv1.2' };
  const detail = `its key and keystore make no signature that ${wanted.maxTls} knows`;
  throw new StationError('TLS-05', { alias: proof.alias, detail });
}

/** @throws StationError as Connector.connect(), before anything is sent. */
function keystoreCredential({ trust, credential }: ConnectOptions): KeystoreCredential | null {
  if (credential === null) return null;
  const detail =
    credential.kind === 'software'
      ? 'the token connector was given a key that lies in software'
      : 'a client credential was given to a provisional connection';
  if (credential.kind === 'software' || trust.kind === 'provisional') {
    throw new StationError('INTERNAL-01', { detail });
  }
  return credential;
}

/** The credential for one handshake, and what ends its hold on a person's answer. */
async function prepared(
  credential: KeystoreCredential | null,
): Promise<{ readonly credential: KeystoreCredential | null; release(): void }> {
  const use = await credential?.signer.prepare?.();
  if (credential === null || use === undefined) return { credential, release: () => undefined };
  const { schemes } = credential.signer;
  const signer: CredentialSigner = {
    schemes,
    sign: (scheme, message) => use.sign(scheme, message),
  };
  return { credential: { ...credential, signer }, release: () => use.release() };
}

/** Runs the handshake on a fresh TCP connection; on failure the connection is gone. */
async function handshake(
  wire: Socket,
  target: ConnectTarget,
  options: ConnectOptions,
  settings: VersionRange & { readonly credential: KeystoreCredential | null },
): Promise<Connection> {
  const { trust, signal, tlsMs } = options;
  let identifiedBy: ConnectionFacts['identifiedBy'] = 'nothing';
  const client = new TlsClient(wire, {
    ...settings,
    ...clientOptions(target),
    judge(chain) {
      identifiedBy = identifyServer({ target, chain, trust, at: new Date() });
    },
  });
  const { promise: interrupted, reject: interrupt } = Promise.withResolvers<never>();
  const cancelled = () => interrupt(new StationError('CANCEL-01', { step: 'connect' }));
  const late = { endpoint: endpointName(target), seconds: tlsMs / 1000 };
  const timer = setTimeout(() => interrupt(new StationError('TLS-04', late)), tlsMs);
  signal?.addEventListener('abort', cancelled, { once: true });
  if (signal?.aborted) cancelled();
  try {
    await Promise.race([client.handshake(), interrupted]);
    const facts = factsOf(client, identifiedBy);
    return new TokenConnection(client, wire, facts, target);
  } catch (error) {
    client.wipe();
    wire.destroy();
    const { minTls, maxTls } = settings;
    const versions = minTls === maxTls ? minTls : `${minTls}, ${maxTls}`;
    throw handshakeFailure(error, target, versions, client);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancelled);
  }
}

function clientOptions({
  host,
}: ConnectTarget): Omit<TlsClientOptions, 'minTls' | 'maxTls' | 'credential' | 'judge'> {
  return {
    serverName: serverNameIndication(host),
    applicationProtocols: ['http/1.1'],
    groups: ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'],
    schemes: signatureSchemes,
    requireExtendedMasterSecret: false,
  };
}

function factsOf(
  client: TlsClient,
  identifiedBy: ConnectionFacts['identifiedBy'],
): ConnectionFacts {
  const { version, suite, serverChain, extendedMasterSecret } = client.established.negotiated;
  return {
    protocol: version,
    cipherSuite: suite.name,
    serverChain,
    extendedMasterSecret: version === 'TLSv1.2' ? extendedMasterSecret : null,
    identifiedBy,
  };
}

/**
 * TLS by the station itself, for client keys that stay in a keystore: the TLS library of Electron
 * cannot use such a key. It takes no key in software. The server proves its key and is judged
 * before anything of the client leaves.
 */
export const tokenConnector: Connector = {
  async connect(target, options) {
    if (options.trust.kind === 'anchors' && options.trust.anchors.length === 0) {
      throw new StationError('TRUST-01', { server: endpointName(target) });
    }
    const credential = keystoreCredential(options);
    const versions = versionsFor(options, credential);
    const use = await prepared(credential);
    try {
      const { proxy, connectMs, signal } = options;
      const tcp = proxy
        ? await openThroughProxy(target, proxy, connectMs, signal)
        : await openTcp(target, connectMs, signal);
      return await handshake(tcp, target, options, { ...versions, credential: use.credential });
    } finally {
      use.release();
    }
  },
};
