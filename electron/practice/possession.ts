import { timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Refusal } from './answer.ts';

export type PossessionVerdict = 'absent' | 'valid' | 'wrong';

/** The part of a TLS connection, seen from the server, that binds a request to it. */
type BoundConnection = Pick<
  TLSSocket,
  'getProtocol' | 'getPeerFinished' | 'exportKeyingMaterial' | 'isSessionReused'
>;

/**
 * The channel bindings of this connection.
 * tls-unique (RFC 5929 §3), TLS 1.2 only: on a full handshake the client's Finished.
 * tls-exporter (RFC 9266 §2): 32 bytes, of either version.
 */
function channelBindings(connection: BoundConnection): Buffer[] {
  if (connection.isSessionReused()) return [];
  const exporter = connection.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  if (connection.getProtocol() === 'TLSv1.3') return [exporter];
  const finished = connection.getPeerFinished();
  return finished === undefined ? [exporter] : [finished, exporter];
}

/**
 * Compares a request's challengePassword with the connection it came over (RFC 7030 §3.5).
 * Its presence claims proof of possession, so nothing but the right value is 'valid'.
 */
export function checkPossession(
  challengePassword: string | null,
  connection: BoundConnection,
): PossessionVerdict {
  if (challengePassword === null) return 'absent';
  const claimed = Buffer.from(challengePassword, 'utf8');
  const matches = channelBindings(connection).some((binding) => {
    const expected = Buffer.from(binding.toString('base64'), 'latin1');
    return claimed.length === expected.length && timingSafeEqual(claimed, expected);
  });
  return matches ? 'valid' : 'wrong';
}

/** @throws Refusal 400 when the value is wrong, or absent although it is required. */
export function demandPossession(verdict: PossessionVerdict, required: boolean): void {
  if (verdict === 'wrong') {
    throw new Refusal(
      400,
      'The challengePassword is not the channel binding of this TLS connection (RFC 7030 section 3.5).',
    );
  }
  if (verdict === 'absent' && required) {
    throw new Refusal(
      400,
      'Proof of possession is required: put the channel binding of this TLS connection into the challengePassword (RFC 7030 section 3.5).',
    );
  }
}
