import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** A server of one test on a free loopback port. */
export interface Loopback extends AsyncDisposable {
  readonly port: number;
}

async function listen(server: Server, sockets: Set<Socket>): Promise<Loopback> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      // A continuation may run inside the library's own handshake callback, where destroying crashes it.
      await setImmediate();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
}

/** Serves plain TCP. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    keep(sockets, socket);
    onConnection(socket);
  });
  return listen(server, sockets);
}

/** Serves TLS; handshakes that fail are the client's business. */
export async function serveTls(
  options: TlsOptions,
  onConnection: (socket: TLSSocket) => void = () => undefined,
): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = createTlsServer(options, (socket) => {
    keep(sockets, socket);
    onConnection(socket);
  });
  server.on('connection', (socket: Socket) => keep(sockets, socket));
  server.on('tlsClientError', () => undefined);
  return listen(server, sockets);
}

/** A loopback port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await serveTcp(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}
