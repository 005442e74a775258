import type { StoredJournalEntry } from '../../electron/store/store.ts';
import type { Lane, Run } from './lane.ts';

/** What a token holds, by kind and alias, whatever the keys are. */
export function shapeOf(objects: readonly string[]): string {
  return objects
    .map((object) => object.split(' ').slice(0, -1).join(' '))
    .toSorted()
    .join(', ');
}

/** Where the journal, the record and the person's PIN are not as they must be, in words. */
export function truthOf(
  { token }: Pick<Lane, 'token'>,
  { record, calls, asked }: Run,
  journal: readonly StoredJournalEntry[],
  objects: readonly string[],
): string[] {
  const wrong: string[] = [];
  const { state, error } = record;
  const last = journal.at(-1);
  if (last?.phase !== 'after' || last.state !== state) {
    wrong.push(`the journal ends with ${last?.phase} ${last?.state}, the record with ${state}`);
  }
  if ((error === null) !== (state === 'done')) wrong.push(`${state} with ${error?.code}`);
  if (error?.code.startsWith('INTERNAL')) wrong.push(`nobody knows what ${error.code} asks for`);
  if (JSON.stringify([record, journal]).includes(token.pin)) wrong.push('the PIN was written down');

  const logins = calls.filter(({ name }) => name === 'C_Login');
  if (asked > 1) wrong.push(`the PIN was asked for ${asked} times`);
  if (logins.length > asked) wrong.push(`${logins.length} logins for ${asked} PINs`);

  const keyMade = evidenceOf(journal, 'key-made');
  if (keyMade !== null && !holds(objects, 'Private Key', null, String(keyMade.publicKey))) {
    wrong.push('the journal tells of a key the token does not have');
  }
  const claimsStored = evidenceOf(journal, 'stored') !== null || state === 'done';
  const keyId = keyMade === null ? null : String(keyMade.publicKey);
  if (claimsStored && keyId !== null) {
    for (const kind of ['Certificate', 'Public Key', 'Private Key']) {
      if (holds(objects, kind, 'est-enrolled-key-pair', keyId)) continue;
      wrong.push(`stored, says the journal, but no ${kind} is there`);
    }
  }
  return wrong;
}

/** A certificate the server issued is on the record, and its key on the token. */
export function certificateKept({ record, issued }: Run, objects: readonly string[]): string[] {
  const { state, certificate } = record;
  const kept = state === 'done' || state === 'issued-not-stored';
  if (issued === 0) {
    return certificate === null && state === 'failed' ? [] : [`${state}, and none was issued`];
  }
  if (certificate === null || !kept) return [`a certificate was issued and lost: ${state}`];
  const keys = objects.filter((object) => object.startsWith('Private Key'));
  return keys.length > 0 ? [] : ['its private key is gone'];
}

/** Until the new certificate is verified, the former one and its key stay. */
export function generationKept(
  { formerId }: Pick<Lane, 'formerId'>,
  { record }: Run,
  objects: readonly string[],
): string[] {
  if (record.state === 'done') return [];
  const former = ['Certificate', 'Private Key'].every((kind) =>
    holds(objects, kind, null, formerId),
  );
  const verified = record.steps.some(({ name }) => name === 'stored');
  return former || verified ? [] : ['the former certificate or its key is gone'];
}

/** Evidence of a step that the journal calls done, null when it does not. */
function evidenceOf(
  journal: readonly StoredJournalEntry[],
  state: string,
): StoredJournalEntry['evidence'] | null {
  const entry = journal.findLast((one) => one.phase === 'after' && one.state === state);
  return entry?.evidence ?? null;
}

function holds(
  objects: readonly string[],
  kind: string,
  alias: string | null,
  id: string,
): boolean {
  return objects.some(
    (object) =>
      object.startsWith(`${kind} `) &&
      object.endsWith(` ${id}`) &&
      (alias === null || object.includes(` ${alias} `)),
  );
}
