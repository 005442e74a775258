import { createServer } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';

/** What the server of a bench is made of, PEM. */
export interface BenchServer {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** A server that wants a client certificate, in a thread of its own so that neither side waits for the other. */
const { key, cert, ca }: BenchServer = workerData;
const server = createServer(
  { key, cert, ca, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  (socket) => {
    socket.on('error', () => undefined);
    // Heard only once the client is known: a TLS 1.3 client believes itself connected before.
    socket.end('x');
  },
);
server.on('tlsClientError', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' ? address?.port : null);
});
