import type { Conduct } from '../../tls-server/conduct.ts';
import type { servers } from './kit.ts';

/** What a client must make of a server. */
export type Verdict =
  /** No connection comes about. */
  | 'refused'
  /** The connection breaks after the handshake. */
  | 'broken'
  /** Nothing is wrong: what looks odd is allowed. */
  | 'accepted';

/** A server that is wrong in one way, and what a client must do about it. */
export interface Misbehaviour {
  /** What the server does. */
  readonly name: string;
  readonly server?: keyof typeof servers;
  readonly conduct: Conduct;
  readonly verdict: Verdict;
  /**
   * The alert the client must send: one of these, where the standards leave a choice; none when
   * null; not looked at when absent.
   */
  readonly alert?: readonly number[] | null;
  /** Codes of the error a person sees; one of them. Absent when accepted. */
  readonly codes?: readonly string[];
  /** Milliseconds for the handshake, where time must run out. */
  readonly tlsMs?: number;
  /** A first connection, of which nothing is asked, goes before. */
  readonly rehearsed?: true;
  /** Why node:tls behaves otherwise, which is then not looked at. */
  readonly nodeDiffers?: string;
}

export const alerts = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateUnknown: 46,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  missingExtension: 109,
  unsupportedExtension: 110,
  noApplicationProtocol: 120,
} as const;
export type AlertName = keyof typeof alerts;

const handshakeCodes: readonly string[] = ['TLS-01'];

/** A row that ends in an error of the handshake and one of these alerts. */
export function refused(
  name: string,
  conduct: Conduct,
  alertNames: readonly AlertName[],
  more: Partial<Misbehaviour> = {},
): Misbehaviour {
  const alert = alertNames.map((each) => alerts[each]);
  return { name, conduct, verdict: 'refused', alert, codes: handshakeCodes, ...more };
}

/** A row whose connection breaks after the handshake with one of these alerts. */
export function broken(
  name: string,
  conduct: Conduct,
  alertNames: readonly AlertName[],
  more: Partial<Misbehaviour> = {},
): Misbehaviour {
  return refused(name, conduct, alertNames, { verdict: 'broken', codes: ['NET-04'], ...more });
}

/** A row that shows that something unusual is allowed. */
export const accepted = (
  name: string,
  conduct: Conduct,
  more: Partial<Misbehaviour> = {},
): Misbehaviour => ({ name, conduct, verdict: 'accepted', ...more });

/** The alerts a row asks for, in words. */
export function alertWords({ alert }: Misbehaviour): string {
  if (alert === undefined) return 'any';
  if (alert === null) return 'none';
  const names = Object.entries(alerts).filter(([, number]) => alert.includes(number));
  return names.map(([name]) => name).join(' or ');
}
