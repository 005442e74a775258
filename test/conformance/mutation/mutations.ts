import { flipped, uint24 } from '../../tls-server/bytes.ts';
import { type Action, type Conduct, honestly, type Outgoing } from '../../tls-server/conduct.ts';

export type Version = Conduct['version'];

/** How a server's flight is changed, in transit or by a server that knows the keys. */
export type Kind =
  | 'flip'
  | 'flip, signed'
  | 'truncate'
  | 'duplicate'
  | 'drop'
  | 'swap'
  | 'wire flip'
  | 'wire cut';

/** One change. */
export interface Mutation {
  readonly version: Version;
  readonly kind: Kind;
  /** The message, or the number of the record. */
  readonly place: string;
  readonly offset: number;
  readonly mask: number;
  /** Made anew for each connection. */
  conduct(): Conduct;
}

/** What an honest server sent once: lengths of its messages by name, and of its records. */
export interface Measured {
  readonly messages: ReadonlyMap<Outgoing['name'], number>;
  readonly records: readonly number[];
}

const allMasks = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];
const headerOctets = 4;

/** A server that measures itself while it is honest. */
export function measuring(version: Version): { readonly conduct: Conduct; measured(): Measured } {
  const messages = new Map<Outgoing['name'], number>();
  const records: number[] = [];
  const conduct: Conduct = {
    version,
    asksForCertificate: true,
    outgoing(message) {
      messages.set(message.name, message.bytes.length);
      return [honestly(message)];
    },
    wire(record) {
      records.push(record.length);
      return [record];
    },
  };
  return { conduct, measured: () => ({ messages, records }) };
}

/** The server goes on as if nothing were wrong: what is wrong is for the client to find. */
const base = (version: Version): Conduct => ({
  version,
  asksForCertificate: true,
  transcript: 'honest',
  tolerant: true,
});

/**
 * Every change of one octet of every message and record, every truncation, every message twice,
 * left out, or swapped with the next.
 * @param thorough with nine masks for each octet rather than one.
 */
export function* mutations(
  version: Version,
  { messages, records }: Measured,
  thorough: boolean,
): Generator<Mutation> {
  for (const [name, length] of messages) {
    yield* flipsOf(version, name, length, thorough);
    yield* truncationsOf(version, name, length);
    yield* misplacementsOf(version, name);
  }
  yield* wireChanges(version, records, thorough);
}

export const masksAt = (offset: number, thorough: boolean): readonly number[] =>
  thorough ? allMasks : [1 << (offset % 8)];

function* flipsOf(
  version: Version,
  name: Outgoing['name'],
  length: number,
  thorough: boolean,
): Generator<Mutation> {
  for (let offset = 0; offset < length; offset++) {
    for (const mask of masksAt(offset, thorough)) {
      const conduct = () => replacing(version, name, (bytes) => flippedWithin(bytes, offset, mask));
      yield { version, kind: 'flip', place: name, offset, mask, conduct };
      const signed = (): Conduct => ({ ...conduct(), transcript: 'sent' });
      yield { version, kind: 'flip, signed', place: name, offset, mask, conduct: signed };
    }
  }
}

/** An ECDSA signature may be an octet or two shorter than the one that was measured. */
function flippedWithin(bytes: Buffer, offset: number, mask: number): Buffer {
  return flipped(bytes, Math.min(offset, bytes.length - 1), mask);
}

function replacing(
  version: Version,
  name: Outgoing['name'],
  change: (bytes: Buffer) => Buffer,
): Conduct {
  return {
    ...base(version),
    outgoing: (message) => {
      if (message.name !== name) return [honestly(message)];
      return [honestly({ name, bytes: change(message.bytes) })];
    },
  };
}

/** Messages whose header tells the truth about what is left of them. */
function* truncationsOf(
  version: Version,
  name: Outgoing['name'],
  length: number,
): Generator<Mutation> {
  for (let offset = 0; offset < length - headerOctets; offset++) {
    const conduct = () =>
      replacing(version, name, (bytes) => {
        const kept = Math.min(offset, bytes.length - headerOctets - 1);
        const body = bytes.subarray(headerOctets, headerOctets + kept);
        return Buffer.concat([bytes.subarray(0, 1), uint24(kept), body]);
      });
    yield { version, kind: 'truncate', place: name, offset, mask: 0, conduct };
  }
}

function* misplacementsOf(version: Version, name: Outgoing['name']): Generator<Mutation> {
  const at = { version, place: name, offset: 0, mask: 0 };
  const when = (actions: (due: Outgoing) => readonly Action[]) => (): Conduct => ({
    ...base(version),
    outgoing: (due) => (due.name === name ? actions(due) : [honestly(due)]),
  });
  yield { ...at, kind: 'duplicate', conduct: when((due) => [honestly(due), honestly(due)]) };
  yield { ...at, kind: 'drop', conduct: when(() => []) };
  if (name !== lastBeforePause(version) && name !== 'Finished') {
    yield { ...at, kind: 'swap', conduct: () => swapping(version, name) };
  }
}

/** After it the server waits for the client, so that nothing can overtake it. */
const lastBeforePause = (version: Version): Outgoing['name'] | null =>
  version === 'TLSv1.2' ? 'ServerHelloDone' : null;

function swapping(version: Version, name: Outgoing['name']): Conduct {
  let held: Outgoing | null = null;
  return {
    ...base(version),
    outgoing(due) {
      if (due.name === name) {
        held = due;
        return [];
      }
      const late = held;
      held = null;
      return late === null ? [honestly(due)] : [honestly(due), honestly(late)];
    },
  };
}

function* wireChanges(
  version: Version,
  records: readonly number[],
  thorough: boolean,
): Generator<Mutation> {
  for (const [index, length] of records.entries()) {
    const at = { version, place: `record ${index + 1}` };
    for (let offset = 0; offset < length; offset++) {
      for (const mask of masksAt(offset, thorough)) {
        const conduct = () =>
          onRecord(version, index, (record) => flippedWithin(record, offset, mask));
        yield { ...at, kind: 'wire flip', offset, mask, conduct };
      }
      const conduct = () => onRecord(version, index, (record) => record.subarray(0, offset), true);
      yield { ...at, kind: 'wire cut', offset, mask: 0, conduct };
    }
  }
}

/** @param ends the connection ends with the changed record. */
function onRecord(
  version: Version,
  index: number,
  change: (record: Buffer) => Buffer,
  ends = false,
): Conduct {
  let count = 0;
  return {
    ...base(version),
    cutOff: () => ends && count > index,
    wire(record) {
      count += 1;
      if (ends && count > index + 1) return [];
      return [count === index + 1 ? change(record) : record];
    },
  };
}
