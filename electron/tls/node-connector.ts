import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type DetailedPeerCertificate,
  type SecureContext,
  connect as startTls,
  type TLSSocket,
} from 'node:tls';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import { clientContext } from './client-context.ts';
import type {
  Connection,
  ConnectionFacts,
  ConnectOptions,
  Connector,
  ConnectTarget,
  ServerTrust,
} from './connector.ts';
import { connectionFailure, endpointName, handshakeFailure } from './failures.ts';
import { HandshakeGate } from './handshake-gate.ts';
import { PlainStream } from './plain-stream.ts';
import { openThroughProxy } from './proxy.ts';
import { identifyServer } from './server-identity.ts';
import { serverNameIndication } from './server-name-indication.ts';
import { hasExtendedMasterSecret } from './session-facts.ts';
import { openTcp } from './tcp.ts';

const longestChain = 16;
const exporterLabel = 'EXPORTER-Channel-Binding';
const exporterBytes = 32;

/** The server's certificate and the issuers it sent, DER, each linked to the next. */
function chainOf(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && chain.length < longestChain) {
    chain.push(next.raw);
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

function versionsOf(options: ConnectOptions): string {
  return options.minTls === options.maxTls
    ? options.minTls
    : `${options.minTls}, ${options.maxTls}`;
}

function readFacts(
  socket: TLSSocket,
  serverChain: readonly Buffer[],
  identifiedBy: ConnectionFacts['identifiedBy'],
): ConnectionFacts {
  const protocol = socket.getProtocol();
  if (protocol !== 'TLSv1.2' && protocol !== 'TLSv1.3') {
    throw new StationError('INTERNAL-01', { detail: `unexpected TLS version ${protocol}` });
  }
  return {
    protocol,
    cipherSuite: socket.getCipher().standardName,
    serverChain,
    extendedMasterSecret:
      protocol === 'TLSv1.2' ? hasExtendedMasterSecret(socket.getSession()) : null,
    identifiedBy,
  };
}

class NodeConnection implements Connection {
  readonly stream: PlainStream;
  readonly facts: ConnectionFacts;
  readonly #socket: TLSSocket;
  /** Our Finished of the one full handshake; read at once, there is never a second. */
  readonly #finished: Buffer | undefined;

  constructor(socket: TLSSocket, facts: ConnectionFacts, target: ConnectTarget) {
    this.#socket = socket;
    this.facts = facts;
    this.#finished = socket.isSessionReused() ? undefined : socket.getFinished();
    this.stream = new PlainStream(socket, (error) => connectionFailure(error, target));
  }

  channelBinding(kind: ChannelBindingKind): Buffer {
    return kind === 'tls-unique' ? this.#tlsUnique() : this.#tlsExporter();
  }

  /** RFC 5929 §3.1: the first Finished of a full handshake is the client's. */
  #tlsUnique(): Buffer {
    if (this.facts.protocol !== 'TLSv1.2') {
      throw new StationError('POP-06', {
        detail: 'The connection uses TLS 1.3, which has no tls-unique (RFC 8446 §C.5).',
      });
    }
    if (!this.#finished?.length) {
      throw new StationError('POP-06', { detail: 'The TLS library did not hand out tls-unique.' });
    }
    return Buffer.from(this.#finished);
  }

  /** RFC 9266 §2: zero-length context, which on TLS 1.2 differs from none; §4.2 there: only with RFC 7627. */
  #tlsExporter(): Buffer {
    if (this.facts.protocol === 'TLSv1.2' && this.facts.extendedMasterSecret !== true) {
      throw new StationError('POP-06', {
        detail: 'tls-exporter on TLS 1.2 needs the extended master secret (RFC 7627).',
      });
    }
    if (this.#socket.destroyed) {
      throw new StationError('POP-06', { detail: 'The connection is closed.' });
    }
    return this.#socket.exportKeyingMaterial(exporterBytes, exporterLabel, Buffer.alloc(0));
  }

  close(): void {
    this.stream.destroy();
  }
}

/** Whether two anchors have one name, as an old and a new root may. */
function hasNamesakes(anchors: readonly Uint8Array[]): boolean {
  const names = anchors.map((anchor) => new X509Certificate(anchor).subject);
  return new Set(names).size < names.length;
}

/**
 * The library's own opinion of the chain, asked after ours: both must agree, except where the
 * library is known to be narrower. It insists on id-kp-serverAuth, which a server known by
 * id-kp-cmcRA need not have (RFC 7030 §3.6.1), and of several anchors with one name it may try
 * the wrong one only.
 */
function checkLibraryAgrees(
  socket: TLSSocket,
  trust: ServerTrust,
  identifiedBy: ConnectionFacts['identifiedBy'],
  endpoint: string,
): void {
  if (trust.kind === 'provisional' || identifiedBy === 'cmcRA' || socket.authorized) return;
  if (hasNamesakes(trust.anchors)) return;
  const detail = `the TLS library refuses it: ${String(socket.authorizationError)}`;
  throw new StationError('TRUST-07', { endpoint, detail });
}

/** Runs the handshake on a fresh TCP connection; on failure the connection is gone. */
function handshake(
  tcp: Socket,
  context: SecureContext,
  target: ConnectTarget,
  options: ConnectOptions,
): Promise<Connection> {
  const endpoint = endpointName(target);
  const { trust, signal, tlsMs } = options;
  return new Promise((resolve, reject) => {
    let serverChain: readonly Buffer[] = [];
    let identifiedBy: ConnectionFacts['identifiedBy'] = 'nothing';
    let handshakeDone = false;
    const gate = new HandshakeGate(tcp, () => {
      serverChain = chainOf(socket);
      identifiedBy = identifyServer({ target, chain: serverChain, trust, at: new Date() });
    });
    const socket = startTls({
      socket: gate,
      secureContext: context,
      servername: serverNameIndication(target.host) ?? '',
      ALPNProtocols: ['http/1.1'],
      // The gate has judged the server before this would; see handshake-gate.ts.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    socket.disableRenegotiation();

    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
      socket.off('error', failed);
    };
    const fail = (error: StationError) => {
      settle();
      // Sockets that are being destroyed may still report; nobody waits for that any more.
      socket.on('error', () => undefined);
      gate.on('error', () => undefined);
      gate.destroy();
      socket.destroy();
      reject(error);
    };
    const failed = (error: Error) =>
      fail(handshakeFailure(error, target, versionsOf(options), gate));
    const cancelled = () => fail(new StationError('CANCEL-01', { step: 'connect' }));
    const timer = setTimeout(
      () => fail(new StationError('TLS-04', { endpoint, seconds: tlsMs / 1000 })),
      tlsMs,
    );
    // In TLS 1.3 the library is done before the gate has let its last flight out.
    const proceed = () => {
      if (!handshakeDone || !gate.clientAnswered) return;
      try {
        checkLibraryAgrees(socket, trust, identifiedBy, endpoint);
        const facts = readFacts(socket, serverChain, identifiedBy);
        const connection = new NodeConnection(socket, facts, target);
        settle();
        resolve(connection);
      } catch (error) {
        fail(StationError.from(error));
      }
    };
    signal?.addEventListener('abort', cancelled, { once: true });
    socket.on('error', failed);
    if (signal?.aborted) cancelled();
    gate.once('opened', proceed);
    socket.once('secureConnect', () => {
      handshakeDone = true;
      proceed();
    });
  });
}

/**
 * TLS by `node:tls`, for client keys in software and for no client key. The server is judged
 * before anything of the client leaves (handshake-gate.ts), by the station's own path validation
 * and name matching, and by the TLS library as well.
 */
export const nodeConnector: Connector = {
  async connect(target, options) {
    if (options.trust.kind === 'anchors' && options.trust.anchors.length === 0) {
      throw new StationError('TRUST-01', { server: endpointName(target) });
    }
    if (options.trust.kind === 'provisional' && options.credential !== null) {
      throw new StationError('INTERNAL-01', {
        detail: 'a client credential was given to a provisional connection',
      });
    }
    const context = clientContext(options);
    const { proxy, connectMs, signal } = options;
    const tcp = proxy
      ? await openThroughProxy(target, proxy, connectMs, signal)
      : await openTcp(target, connectMs, signal);
    return handshake(tcp, context, target, options);
  },
};
