import { flipped, uint24 } from '../../tls-server/bytes.ts';
import {
  type Action,
  type Conduct,
  honestly,
  type Outgoing,
  sendAlert,
  sendMessage,
  sendRecord,
} from '../../tls-server/conduct.ts';
import { groups } from '../../tls-server/key-exchange.ts';
import { message } from '../../tls-server/messages.ts';
import { contentTypes } from '../../tls-server/protection.ts';
import type { Session } from '../../tls-server/session.ts';
import { type Kind, type Mutation, masksAt, type Version } from './mutations.ts';

/** Octets of the HelloRetryRequest of a server that asks for another group: its fields are of fixed length. */
const retryOctets = 88;
const headerOctets = 4;

/** A NewSessionTicket (RFC 8446 §4.6.1) with a nonce and a ticket. */
const ticket = message(
  'NewSessionTicket',
  Buffer.from('00000e1000000001020102000305060700', 'hex'),
  Buffer.of(0),
);

/** Messages that come when the handshake is over. */
const late: readonly {
  readonly version: Version;
  readonly name: LateMessage;
  readonly bytes: Buffer;
}[] = [
  { version: 'TLSv1.2', name: 'HelloRequest', bytes: message('HelloRequest') },
  { version: 'TLSv1.3', name: 'NewSessionTicket', bytes: ticket },
  { version: 'TLSv1.3', name: 'KeyUpdate', bytes: message('KeyUpdate', Buffer.of(0)) },
];
export type LateMessage = 'HelloRequest' | 'NewSessionTicket' | 'KeyUpdate';

/**
 * Changes of the messages an ordinary handshake does not have: HelloRetryRequest, and those that follow the handshake.
 * @param thorough with nine masks for each octet rather than one.
 */
export function* otherMutations(version: Version, thorough: boolean): Generator<Mutation> {
  if (version === 'TLSv1.3') yield* retryChanges(thorough);
  for (const one of late) if (one.version === version) yield* lateChanges(one, thorough);
}

type Change = readonly [
  kind: Kind,
  offset: number,
  mask: number,
  change: (bytes: Buffer) => readonly Buffer[],
];

function* octetChanges(length: number, thorough: boolean): Generator<Change> {
  for (let offset = 0; offset < length; offset++) {
    for (const mask of masksAt(offset, thorough)) {
      yield ['flip', offset, mask, (bytes) => [flipped(bytes, offset, mask)]];
    }
  }
  for (let offset = 0; offset < length - headerOctets; offset++) {
    yield ['truncate', offset, 0, (bytes) => [shortened(bytes, offset)]];
  }
}

function shortened(bytes: Buffer, kept: number): Buffer {
  const body = bytes.subarray(headerOctets, headerOctets + kept);
  return Buffer.concat([bytes.subarray(0, 1), uint24(kept), body]);
}

const twice: Change = ['duplicate', 0, 0, (bytes) => [bytes, bytes]];
const never: Change = ['drop', 0, 0, () => []];

function* retryChanges(thorough: boolean): Generator<Mutation> {
  for (const [kind, offset, mask, change] of [
    ...octetChanges(retryOctets, thorough),
    twice,
    never,
  ]) {
    const at = { version: 'TLSv1.3', place: 'HelloRetryRequest', offset, mask } as const;
    const conduct = (transcript: 'honest' | 'sent') => () => retrying(transcript, change);
    yield { ...at, kind, conduct: conduct('honest') };
    if (kind === 'flip') yield { ...at, kind: 'flip, signed', conduct: conduct('sent') };
  }
}

/** A server that asks for another group, and whose HelloRetryRequest is changed. */
function retrying(transcript: 'honest' | 'sent', change: Change[3]): Conduct {
  let retried = false;
  return {
    version: 'TLSv1.3',
    asksForCertificate: true,
    tolerant: true,
    transcript,
    retries: [groups.p384],
    outgoing(due: Outgoing): readonly Action[] {
      if (retried || due.name !== 'ServerHello') return [honestly(due)];
      retried = true;
      return change(due.bytes).map(sendMessage);
    },
  };
}

function* lateChanges(
  { version, name, bytes }: (typeof late)[number],
  thorough: boolean,
): Generator<Mutation> {
  const changes = [
    ...octetChanges(bytes.length, thorough),
    ...(name === 'KeyUpdate' ? [twice, never] : []),
  ];
  for (const [usual, offset, mask, change] of changes) {
    const kind = usual === 'flip' ? 'flip, signed' : usual;
    const conduct = (): Conduct => ({
      version,
      tolerant: true,
      afterwards: (session) => sayingLate(session, name, change(bytes)),
    });
    yield { version, kind, place: name, offset, mask, conduct };
  }
}

/** Sends what became of a message, then text and goodbye. */
function sayingLate(session: Session, name: LateMessage, messages: readonly Buffer[]): void {
  for (const one of messages) session.perform(sendMessage(one));
  if (name === 'KeyUpdate') session.changeKeys();
  session.perform(sendRecord(contentTypes.data, Buffer.from('text')));
  session.perform(sendAlert(0));
  session.perform({ kind: 'end' });
}
