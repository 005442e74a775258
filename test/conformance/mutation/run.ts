import { serveConduct } from '../../tls-server/server.ts';
import { client, servers } from '../misbehaviour/kit.ts';
import { type Client, type Outcome, outcomeOf } from '../outcome.ts';
import { harmless } from './harmless.ts';
import { type Measured, type Mutation, measuring, type Version } from './mutations.ts';
import type { LateMessage } from './other-messages.ts';

/** How a change ended. */
export type Ending =
  /** The client sent an alert and told a person. */
  | 'alert'
  /** The connection was cut, and the client told a person. */
  | 'cut'
  /** The client waited for what had been announced, until its time was up. */
  | 'time'
  /** It was let pass, and stands in the reviewed list. */
  | 'harmless'
  /** The server stands by its change with its key, so that it may be accepted. */
  | 'signed'
  /** None of these. */
  | 'defect';

export interface Result {
  readonly mutation: Omit<Mutation, 'conduct'>;
  readonly outcome: Outcome;
  readonly ending: Ending;
}

/** Milliseconds for a handshake of a few messages over loopback; with patience for a busy machine. */
const shortTime = 1500;
const longTime = 15_000;
const atOnce = 16;
/** Messages whose contents are the server's choice, and not a proof of anything. */
const mayChoose: ReadonlySet<string> = new Set([
  'ServerHello',
  'EncryptedExtensions',
  'CertificateRequest',
]);
/** What a connector may say of a server. */
const promised = /^(?:NET|TLS|TRUST)-/;

/** How long a server's messages and records are. */
export async function measure(
  who: Client,
  version: Version,
  key: 'ec' | 'rsa' = 'ec',
): Promise<Measured> {
  const { conduct, measured } = measuring(version);
  await using server = await serveConduct(servers[key], () => conduct);
  const outcome = await outcomeOf(who, server, who.credentialOf(client), longTime);
  if (outcome.verdict !== 'accepted' || !server.last().complete) {
    throw new Error(`the honest server was not accepted: ${JSON.stringify(outcome)}`);
  }
  return measured();
}

/** Connects once for each mutation, several at once. */
export async function runMutations(
  who: Client,
  mutations: Iterable<Mutation>,
  key: 'ec' | 'rsa' = 'ec',
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = mutations[Symbol.iterator]();
  const work = async (): Promise<void> => {
    let mutation: Mutation | null = null;
    await using server = await serveConduct(servers[key], () => {
      if (mutation === null) throw new Error('nothing is due');
      return mutation.conduct();
    });
    const credential = who.credentialOf(client);
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      mutation = next.value;
      const stays = isLate(mutation);
      let outcome = await outcomeOf(who, server, credential, shortTime, stays);
      let ending = endingOf(mutation, outcome);
      if (ending === 'defect' && outcome.code === 'TLS-04') {
        outcome = await outcomeOf(who, server, credential, longTime, stays);
        ending = endingOf(mutation, outcome);
      }
      const { conduct: _, ...rest } = mutation;
      results.push({ mutation: rest, outcome, ending });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function endingOf(mutation: Mutation, { verdict, code, alert }: Outcome): Ending {
  if (verdict === 'accepted') {
    if (mutation.kind === 'flip, signed' && isChoice(mutation)) return 'signed';
    return harmless.some(({ matches }) => matches(mutation)) ? 'harmless' : 'defect';
  }
  if (verdict !== (isLate(mutation) ? 'broken' : 'refused')) return 'defect';
  if (code === null || !promised.test(code)) return 'defect';
  if (code === 'TLS-04') return mayWait(mutation) ? 'time' : 'defect';
  if (alert !== null) return 'alert';
  return code === 'NET-04' && mutation.kind === 'wire cut' ? 'cut' : 'defect';
}

/** Whether a change is one that the server may have wanted. */
function isChoice({ place, offset, mask }: Mutation): boolean {
  // Of a ticket that is never used nothing but its form matters.
  if (place === 'NewSessionTicket') return offset >= 4;
  // update_not_requested becomes update_requested (RFC 8446 §4.6.3).
  if (place === 'KeyUpdate') return offset === 4 && mask === 1;
  return mayChoose.has(place);
}

const lateMessages: ReadonlySet<string> = new Set<LateMessage>([
  'HelloRequest',
  'NewSessionTicket',
  'KeyUpdate',
]);

/** What arrives when the handshake is over, a second Finished too: whoever reads meets it. */
const isLate = ({ kind, place }: Mutation): boolean =>
  lateMessages.has(place) || (kind === 'duplicate' && place === 'Finished');

/** Whether a change announces more than comes, or takes away what is awaited. */
function mayWait({ kind, offset }: Mutation): boolean {
  if (kind === 'drop') return true;
  if (kind === 'flip' || kind === 'flip, signed') return offset >= 1 && offset <= 3;
  // Length of the record; in the clear that of the message as well.
  return kind === 'wire flip' && offset >= 3 && offset <= 8;
}
