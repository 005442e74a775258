import type { Socket } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ConnectTarget, ProxyRoute } from './connector.ts';
import { endpointName } from './failures.ts';
import { openTcp } from './tcp.ts';

/** Bytes of a proxy's answer before the way is open; real ones have some hundred. */
const longestHead = 16_384;

/**
 * Opens a way to `target` through an HTTP proxy (CONNECT, RFC 9110 §9.3.6), with Basic authentication when the
 * route names a user (RFC 7617). Name resolution is the proxy's.
 * @param connectMs milliseconds for the proxy's TCP connection, and again for its answer.
 * @throws StationError NET-08 refused, NET-09 407, NET-10 out of reach, CANCEL-01.
 */
export async function openThroughProxy(
  target: ConnectTarget,
  proxy: ProxyRoute,
  connectMs: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const socket = await reach(proxy, connectMs, signal);
  try {
    socket.write(connectRequest(target, proxy));
    const head = await readHead(socket, target, proxy, connectMs, signal);
    demandOpen(head, target, proxy);
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}

async function reach(
  proxy: ProxyRoute,
  connectMs: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  try {
    return await openTcp(proxy, connectMs, signal);
  } catch (error) {
    const reason = StationError.from(error);
    if (reason.code === 'CANCEL-01') throw reason;
    const detail = reason.message.replace(/\.$/, '');
    throw new StationError('NET-10', { proxy: endpointName(proxy), detail }, { cause: error });
  }
}

function connectRequest(target: ConnectTarget, { username, password }: ProxyRoute): Buffer {
  const name = endpointName(target);
  const lines = [`CONNECT ${name} HTTP/1.1`, `Host: ${name}`];
  if (username !== null) {
    const pair = Buffer.concat([Buffer.from(`${username}:`), password ?? Buffer.alloc(0)]);
    lines.push(`Proxy-Authorization: Basic ${pair.toString('base64')}`);
    pair.fill(0);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Reads up to the empty line; what follows belongs to the server and stays in the socket. */
function readHead(
  socket: Socket,
  target: ConnectTarget,
  proxy: ProxyRoute,
  connectMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
      socket.off('data', arrived);
      socket.off('error', lost);
      socket.off('end', lost);
      socket.pause();
    };
    const fail = (error: StationError) => {
      settle();
      reject(error);
    };
    const refuse = (detail: string) => fail(refusal(target, proxy, detail));
    const cancelled = () => fail(new StationError('CANCEL-01', { step: 'connect' }));
    const lost = () => refuse('it closed the connection');
    const seconds = connectMs / 1000;
    const timer = setTimeout(() => refuse(`it did not answer within ${seconds} s`), connectMs);
    const arrived = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > longestHead) refuse('its answer has no end');
        return;
      }
      settle();
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      resolve(head.subarray(0, end).toString('latin1'));
    };
    signal?.addEventListener('abort', cancelled, { once: true });
    socket.on('data', arrived);
    socket.once('error', lost);
    socket.once('end', lost);
  });
}

function demandOpen(head: string, target: ConnectTarget, proxy: ProxyRoute): void {
  const status = /^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1];
  if (status === undefined) throw refusal(target, proxy, 'its answer is not HTTP');
  if (status === '407') throw new StationError('NET-09', { proxy: endpointName(proxy) });
  if (!status.startsWith('2')) throw refusal(target, proxy, `status ${status}`);
}

function refusal(target: ConnectTarget, proxy: ProxyRoute, detail: string): StationError {
  return new StationError('NET-08', {
    proxy: endpointName(proxy),
    endpoint: endpointName(target),
    detail,
  });
}
