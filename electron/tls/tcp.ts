import { connect, type Socket } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ConnectTarget } from './connector.ts';
import { endpointName, networkFailure } from './failures.ts';

/**
 * Opens a TCP connection; all addresses of a name are tried (RFC 8305) within one time limit.
 * @param connectMs milliseconds for name resolution and TCP together.
 * @throws StationError NET-01, NET-02, NET-03, NET-04, NET-07, CANCEL-01.
 */
export function openTcp(
  target: ConnectTarget,
  connectMs: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new StationError('CANCEL-01', { step: 'connect' }));
      return;
    }
    const socket = connect({ host: target.host, port: target.port, noDelay: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
      socket.off('error', failed);
      socket.off('connect', connected);
    };
    const fail = (error: StationError) => {
      settle();
      // A socket that is being destroyed may still report; nobody waits for that any more.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const cancelled = () => fail(new StationError('CANCEL-01', { step: 'connect' }));
    const seconds = connectMs / 1000;
    const timer = setTimeout(
      () => fail(new StationError('NET-03', { endpoint: endpointName(target), seconds })),
      connectMs,
    );
    signal?.addEventListener('abort', cancelled, { once: true });
    const failed = (error: Error) => fail(networkFailure(error, target, seconds));
    const connected = () => {
      settle();
      resolve(socket);
    };
    socket.once('error', failed);
    socket.once('connect', connected);
  });
}
