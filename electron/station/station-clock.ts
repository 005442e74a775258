import { type Notice, notice } from '../../shared/notices.ts';

/** Milliseconds by which two clocks may differ before a person should look: certificates allow about as much. */
const tolerated = 5 * 60_000;

/** A notice with both times when this computer's clock and the server's disagree (RFC 9110 §6.6.1), else none. */
export function clockNotices(station: Date, server: Date | null): Notice[] {
  if (server === null) return [];
  if (Math.abs(station.getTime() - server.getTime()) <= tolerated) return [];
  return [
    notice('CLOCK-DIFFERS', { station: station.toISOString(), server: server.toISOString() }),
  ];
}
