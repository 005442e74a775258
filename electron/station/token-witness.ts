import { notice } from '../../shared/notices.ts';
import type { BrokenCall, CallWitness, Keystore } from '../keystore/keystore.ts';
import type { StoredJournalEntry } from '../store/store.ts';
import { unsent } from './ending.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import type { Following } from './keystore-opening.ts';

/**
 * Keeps in the journal what a token is made to do for an enrollment: each change before it begins, and each call that
 * ended together with its process. Cancelling ends a call in the middle as long as nothing was asked of the CA;
 * afterwards the token's part is done to its end.
 */
export function witnessOf(
  log: EnrollmentLog,
  signal: AbortSignal | null,
  token: string,
): CallWitness {
  return {
    get signal() {
      const { working } = log;
      return signal !== null && working !== null && unsent.has(working) ? signal : undefined;
    },
    get questions() {
      return this.signal;
    },
    before: async ({ call, alias }) => await log.calling({ call, alias, token }),
    broken: async (call) => await recordBroken(log, call, token),
  };
}

/** Has the enrollment's journal tell of a token being opened, and its cancelling end that. */
export function followingOf(log: EnrollmentLog, signal: AbortSignal): Following {
  return { signal, broken: async (call, token) => await recordBroken(log, call, token) };
}

async function recordBroken(log: EnrollmentLog, broken: BrokenCall, token: string): Promise<void> {
  log.warn(...cutShort(broken, token));
  await log.calling({ ...broken, token, cutShort: true });
}

/** Has the enrollment's journal tell of `keystore`'s calls; a folder has none. */
export function attend(keystore: Keystore, log: EnrollmentLog, signal: AbortSignal | null): void {
  keystore.attend?.(witnessOf(log, signal, keystore.name));
}

function cutShort({ call, alias, function: inside }: BrokenCall, token: string) {
  // Whether the token counted the try is not known: the process that could tell is gone.
  if (call === 'login' || inside === 'C_Login') return [notice('PIN-PERHAPS-SENT', { token })];
  if (alias === null || call === 'sign' || call === 'signature-algorithms') return [];
  const making = call === 'generate-key-pair' || call === 'import-key-pair';
  return [notice(making ? 'KEY-PERHAPS-LEFT' : 'CALL-CUT-SHORT', { call, alias, token })];
}

/** The change of the token that was begun last and, by the journal, has not led to the next step; in words, or null. */
export function callUnderWay(entries: readonly StoredJournalEntry[]): string | null {
  const { phase, evidence } = entries.at(-1) ?? {};
  if (phase !== 'before' || typeof evidence?.call !== 'string') return null;
  return callInWords(evidence);
}

/** A call as the journal holds it, in a person's words; null for other evidence. */
export function callInWords(evidence: StoredJournalEntry['evidence']): string | null {
  const { call, alias, cutShort: ended, elapsedMs } = evidence;
  if (typeof call !== 'string') return null;
  const about = typeof alias === 'string' ? ` ${alias}` : '';
  if (ended !== true) return `${call}${about}`;
  const where = typeof evidence.function === 'string' ? ` in ${evidence.function}` : '';
  return `${call}${about}, cut short${where} after ${Number(elapsedMs ?? 0) / 1000} s`;
}
