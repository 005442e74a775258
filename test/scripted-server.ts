import type { TLSSocket, TlsOptions } from 'node:tls';
import type { Identity } from './authority.ts';
import { type Loopback, serveTls } from './loopback.ts';

/** A request as it arrived. */
interface SeenRequest {
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** What tls-unique must be, base64. */
  readonly tlsUnique: string;
}

/** Writes an answer, or misbehaves. */
export type Reply = (socket: TLSSocket, request: SeenRequest) => void;

export interface ScriptedServer extends Loopback {
  readonly seen: readonly SeenRequest[];
}

/** A whole answer with Content-Length. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): Reply {
  const fields = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} Words\r\n${lines.join('')}\r\n`;
  return (socket) => socket.write(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
}

/** Exactly these bytes; the connection stays open. */
export function raw(text: string): Reply {
  return (socket) => socket.write(text);
}

/** Answers, then closes the connection. */
export function closing(reply: Reply): Reply {
  return (socket, request) => {
    reply(socket, request);
    socket.end();
  };
}

/** Reads requests off a connection; a head without Content-Length has no body. */
function readRequests(
  socket: TLSSocket,
  connection: number,
  onRequest: (request: SeenRequest) => void,
): void {
  const tlsUnique = socket.getPeerFinished()?.toString('base64') ?? '';
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = text.slice(0, end).split('\r\n');
      const headers = new Map(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const whole = end + 4 + Number(headers.get('content-length') ?? 0);
      if (text.length < whole) return;
      const [method = '', path = ''] = start.split(' ');
      const body = text.slice(end + 4, whole);
      text = text.slice(whole);
      onRequest({ connection, method, path, headers, body, tlsUnique });
    }
  });
}

/**
 * An EST server that follows a script: one reply for each request, over all connections. A request
 * beyond the script is left without an answer.
 */
export async function scripted(
  { pem: cert, keyPem: key }: Identity,
  script: readonly Reply[],
  options: TlsOptions = {},
): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = await serveTls({ cert, key, ...options }, (socket) => {
    connections += 1;
    readRequests(socket, connections, (request) => {
      seen.push(request);
      script[seen.length - 1]?.(socket, request);
    });
  });
  return Object.assign(server, { seen });
}
