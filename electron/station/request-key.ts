import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import {
  aliases,
  type KeyDescription,
  type Keystore,
  type KeystoreEntry,
} from '../keystore/keystore.ts';
import { type Certificate, readCertificate } from '../pki/certificate.ts';
import { parseDistinguishedName } from '../pki/name.ts';
import { readRequest } from '../pki/request.ts';
import type { EarlierRequest } from './earlier-request.ts';

/** The key a request is made for, and the names it asks for. */
export interface RequestSubject {
  readonly key: KeyDescription;
  /** DER Name. */
  readonly subject: Buffer;
  readonly subjectAltNames: readonly string[];
  /** Extension value copied byte for byte when re-enrolling, DER, or null. */
  readonly subjectAltNameDer: Buffer | null;
  /** True when the key was there before. */
  readonly reused: boolean;
}

/** How the key of an enrollment is chosen. */
export interface KeyChoice {
  readonly operation: EnrollmentRecord['operation'];
  /** Re-enroll with a new key (rekey) instead of the same one (renew); RFC 7030 §4.2.2. */
  readonly rekey: boolean;
  /** The request that is continued, with its key; or null. */
  readonly earlier: EarlierRequest | null;
}

/** Makes room under `est-request-key-pair`, where a new key replaces what stands. */
type MakeRoom = (entries: readonly KeystoreEntry[]) => Promise<void>;

/**
 * Makes the key pair, or takes the one that must be used again: the enrolled one when renewing,
 * the pending one when the server asked to come back (RFC 7030 §4.2.3: the same request, so the same key).
 */
export async function requestKey(
  keystore: Keystore,
  profile: Profile,
  choice: KeyChoice,
  makeRoom: MakeRoom,
): Promise<RequestSubject> {
  const entries = await keystore.entries();
  const { earlier } = choice;
  const known = entries.find(({ key }) => key !== null && key.id === earlier?.keyId)?.key;
  if (known) {
    const names = earlier?.request
      ? namesOf(earlier.request.der)
      : await requestNames(keystore, profile, choice.operation);
    return { key: known, ...names, reused: true };
  }
  if (earlier?.keyRequired && earlier.keyId !== null) {
    throw new StationError('TOKEN-09', { object: 'key', alias: aliases.requestKey });
  }
  const names = await requestNames(keystore, profile, choice.operation);
  if (choice.operation === 'reenroll' && !choice.rekey) {
    const enrolled = entries.find(({ alias }) => alias === aliases.enrolledKey)?.key;
    if (!enrolled) throw missing('key');
    return { key: enrolled, ...names, reused: true };
  }
  const { keyParameterSet } = profile.request;
  await makeRoom(entries);
  const key = await keystore.generateKeyPair(aliases.requestKey, keyParameterSet);
  return { key, ...names, reused: false };
}

/** The names of a request that is made anew for another connection. */
function namesOf(request: Buffer): Names {
  const { subject, subjectAltNameDer } = readRequest(request);
  return { subject, subjectAltNames: [], subjectAltNameDer };
}

type Names = Pick<RequestSubject, 'subject' | 'subjectAltNames' | 'subjectAltNameDer'>;

/** RFC 7030 §4.2.2: a re-enrollment repeats Subject and SubjectAltName of the present certificate, byte for byte. */
async function requestNames(
  keystore: Keystore,
  profile: Profile,
  operation: EnrollmentRecord['operation'],
): Promise<Names> {
  if (operation !== 'reenroll') {
    const subject = parseDistinguishedName(profile.request.subject);
    const { subjectAltNames } = profile.request;
    return { subject, subjectAltNames, subjectAltNameDer: null };
  }
  const { subjectDer, subjectAltNameDer } = await enrolledCertificate(keystore);
  return { subject: subjectDer, subjectAltNames: [], subjectAltNameDer };
}

/** The certificate under `est-enrolled-key-pair`. @throws StationError TOKEN-09 */
export async function enrolledCertificate(keystore: Keystore): Promise<Certificate> {
  const entries = await keystore.entries();
  const der = entries.find(({ alias }) => alias === aliases.enrolledKey)?.certificate;
  if (!der) throw missing('certificate');
  return readCertificate(der);
}

function missing(object: string): StationError {
  return new StationError('TOKEN-09', { object, alias: aliases.enrolledKey });
}
