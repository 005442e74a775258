import { setTimeout } from 'node:timers/promises';
import type { ClientCredential, Connection, Connector } from '../../electron/tls/connector.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ServerIdentity } from '../tls-server/conduct.ts';
import type { ScriptedTlsServer } from '../tls-server/server.ts';
import { host, optionsOf } from './misbehaviour/kit.ts';

/** Milliseconds after which a connection that does not end is called hanging. */
const patience = 12_000;

/** A connector and where its keys lie. */
export interface Client {
  readonly connector: Connector;
  credentialOf(identity: ServerIdentity): ClientCredential;
}

/** What became of a connection. */
export interface Outcome {
  readonly verdict: 'refused' | 'broken' | 'accepted' | 'hangs';
  /** Of the error a person sees. */
  readonly code: string | null;
  /** The alert the server got; 'unreadable' when it came under keys the server does not have. */
  readonly alert: number | 'unreadable' | null;
}

/**
 * Connects, and reads to the end.
 * @param tlsMs milliseconds for the handshake.
 * @throws whatever is not a StationError.
 */
export async function outcomeOf(
  client: Client,
  server: ScriptedTlsServer,
  credential: ClientCredential | null,
  tlsMs: number,
  stays = false,
): Promise<Outcome> {
  const [verdict, code] = await verdictOf(client, server.port, credential, tlsMs, stays);
  await Promise.race([server.over(), setTimeout(patience, null, { ref: false })]);
  const { alerts, unreadable } = server.last();
  const fatal = alerts.findLast(({ level }) => level === 2);
  return { verdict, code, alert: fatal?.description ?? (unreadable > 0 ? 'unreadable' : null) };
}

async function verdictOf(
  { connector }: Client,
  port: number,
  credential: ClientCredential | null,
  tlsMs: number,
  stays: boolean,
): Promise<readonly [Outcome['verdict'], string | null]> {
  let connection: Connection;
  try {
    connection = await connector.connect({ host, port }, { ...optionsOf(tlsMs), credential });
  } catch (error) {
    if (error instanceof StationError) return ['refused', error.code];
    throw error;
  }
  if (!stays) {
    connection.close();
    return ['accepted', null];
  }
  const { stream } = connection;
  const late = Symbol('late');
  const { promise: over, resolve } = Promise.withResolvers<unknown>();
  stream.on('end', () => resolve(null)).on('close', () => resolve(stream.errored));
  stream.resume();
  if (stream.destroyed) resolve(stream.errored);
  const broken = await Promise.race([over, setTimeout(patience, late, { ref: false })]);
  connection.close();
  if (broken === late) return ['hangs', null];
  if (broken === null) return ['accepted', null];
  if (broken instanceof StationError) return ['broken', broken.code];
  throw broken;
}
