import type { Socket } from 'node:net';
import { type Loopback, serveTcp } from '../loopback.ts';
import type { Conduct, ServerIdentity } from './conduct.ts';
import { handshake12 } from './handshake12.ts';
import { handshake13 } from './handshake13.ts';
import { readClientHello } from './messages.ts';
import { Session, type SessionLog } from './session.ts';
import { receiveMessage } from './steps.ts';

/** A TLS server that behaves as it is told. */
export interface ScriptedTlsServer extends Loopback {
  /** The connection that came last. @throws when there was none. */
  last(): SessionLog;
  /** Settles when the last connection is over. */
  over(): Promise<void>;
}

/**
 * Serves TLS 1.2 or 1.3 on node:crypto alone. It is written from the standards and shares no code
 * with the station's own TLS client, so that neither repeats a mistake of the other.
 * @param conductOf asked once for each connection.
 */
export async function serveConduct(
  identity: ServerIdentity,
  conductOf: () => Conduct,
): Promise<ScriptedTlsServer> {
  let last: { readonly log: SessionLog; readonly over: Promise<void> } | null = null;
  const current = () => {
    if (last === null) throw new Error('nobody has connected');
    return last;
  };
  const server = await serveTcp((socket) => {
    socket.setNoDelay(true);
    const session = new Session(socket, conductOf());
    last = { log: session.log, over: run(session, identity, socket) };
  });
  return Object.assign(server, { last: () => current().log, over: () => current().over });
}

/** Runs one connection to its end; whatever stops it is kept in its log. */
async function run(session: Session, identity: ServerIdentity, socket: Socket): Promise<void> {
  try {
    const bytes = await receiveMessage(session, 'ClientHello');
    if (bytes === null) return;
    session.transcript = bytes;
    const client = readClientHello(bytes);
    if (session.conduct.version === 'TLSv1.2') await handshake12(session, client, identity);
    else session.changeKeys = await handshake13(session, client, identity);
    await session.conduct.afterwards?.(session);
  } catch (error) {
    session.log.stopped = error;
  }
  await listenOn(session);
  socket.end();
}

/** Hears the client out, since its alert comes last. */
async function listenOn(session: Session): Promise<void> {
  for (;;) {
    const incoming = await session.receive();
    if (incoming.kind === 'end') return;
    if (incoming.kind === 'data') {
      session.log.data = Buffer.concat([session.log.data, incoming.bytes]);
    }
  }
}
