import {
  type EnrollmentRecord,
  type EnrollmentState,
  enrollmentStates,
  finalStates,
} from '../../shared/enrollment.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import { aliases, type Keystore, type KeystoreEntry } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import type { Store } from '../store/store.ts';
import { earlierRequest } from './earlier-request.ts';

/** An enrollment whose certificate may still come, or waits to be stored. */
export interface NeedingEnrollment {
  readonly enrollmentId: string;
  readonly state: EnrollmentState;
}

const open = enrollmentStates.filter(
  (state) =>
    !finalStates.has(state) || state === 'issued-not-stored' || state === 'outcome-unknown',
);

/** Enrollments looked through; so many stand open only where nobody looks after them. */
const mostOpen = 1000;

/** The keys that open enrollments need, by identifier. */
export async function neededKeys(store: Store): Promise<ReadonlyMap<string, NeedingEnrollment>> {
  const needed = new Map<string, NeedingEnrollment>();
  for (const record of await store.enrollments.list({ limit: mostOpen, states: open })) {
    const { enrollmentId, state, certificate } = record;
    const { keyId } = await earlierRequest(store, record, false);
    const id = keyId ?? certifiedKey(certificate);
    if (id !== null) needed.set(id, { enrollmentId, state });
  }
  return needed;
}

/** A key that came from the server is known by its certificate alone. */
function certifiedKey(certificate: EnrollmentRecord['certificate']): string | null {
  const [der] = certificate === null ? [] : certificatesFromPem(certificate.pem);
  return der === undefined ? null : keyIdentifier(readCertificate(der).spki);
}

/**
 * Moves the key under `est-request-key-pair` to another alias before a new one takes its place, when another
 * enrollment still needs it: what the CA certified could never be used without it. Keys are found again by their
 * identifier, whatever their alias.
 * @param entries of `keystore`, as they are now
 */
export async function keepNeededKey(
  { store }: { readonly store: Store },
  keystore: Keystore,
  entries: readonly KeystoreEntry[],
): Promise<readonly Notice[]> {
  const present = entries.find(({ alias, key }) => alias === aliases.requestKey && key !== null);
  const id = present?.key?.id;
  if (id === undefined) return [];
  const enrollment = (await neededKeys(store)).get(id);
  if (enrollment === undefined) return [];
  const alias = `${aliases.requestKey}-${id.slice(0, 16)}`;
  await keystore.rename(aliases.requestKey, alias);
  const { enrollmentId, state } = enrollment;
  return [notice('KEY-KEPT', { alias, enrollment: enrollmentId, state })];
}
