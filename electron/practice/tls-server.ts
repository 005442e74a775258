import { constants } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import type { TlsCredential } from './issue.ts';
import type { PracticeOptions } from './practice.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that listens on IPv4 loopback. */
export interface Listener {
  readonly port: number;
  /** Ends every connection at once and frees the port. */
  close(): Promise<void>;
}

/** Milliseconds. An idle connection may wait for a person to type a PIN: its channel binding dies with it. */
const limits = { headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 300_000 };
const headerBytes = 16_384;
const mostConnections = 256;

/**
 * Starts the HTTPS server: TLS 1.2 up to `maxTls`, client certificates asked for but judged by the handler,
 * no resumption and no renegotiation (tls-unique means the first handshake, RFC 5929 §3).
 * @throws StationError USAGE-01 when the port cannot be had.
 */
export function listenTls(
  credential: TlsCredential,
  clientAuthorities: readonly string[],
  options: Pick<PracticeOptions, 'port' | 'maxTls'>,
  handler: RequestHandler,
): Promise<Listener> {
  const server = createHttpsServer(
    {
      key: credential.keyPem,
      cert: credential.chainPem,
      ca: [...clientAuthorities],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      maxVersion: options.maxTls,
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.headersTimeout,
      maxHeaderSize: headerBytes,
      ...limits,
    },
    handler,
  );
  return listen(server, options.port);
}

/** Starts a server that speaks HTTP without TLS: the fault of a wrong port. @throws StationError USAGE-01 */
export function listenPlain(port: number, handler: RequestHandler): Promise<Listener> {
  return listen(createHttpServer({ maxHeaderSize: headerBytes, ...limits }, handler), port);
}

async function listen(server: Server, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.maxConnections = mostConnections;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error) => fail(portRefused(port, error)));
    server.listen(port, '127.0.0.1', done);
  });
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portRefused(port: number, error: Error): StationError {
  const detail = `the practice server cannot listen on 127.0.0.1:${port} (${error.message})`;
  return new StationError('USAGE-01', { detail }, { cause: error });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
