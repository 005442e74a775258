import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';
import { aliases } from '../keystore/keystore.ts';
import type { Store } from '../store/store.ts';
import { openEnrollment } from './earlier-request.ts';
import type { KeystoreContents } from './keystore-contents.ts';

/** When the enrolled certificate is to be renewed, by its end and the profile. */
export interface RenewalTime {
  /** The profile wants it renewed without being asked each time (`lifecycle.clientCertificateRenew`). */
  readonly wanted: boolean;
  /** `lifecycle.certificateExpirationCheckTimeHours` before its end, ISO 8601 in UTC. */
  readonly from: string;
  readonly due: boolean;
}

/** @returns null when nothing is enrolled there. */
export function renewalTime(
  { entries }: Pick<KeystoreContents, 'entries'>,
  { lifecycle }: Profile,
  at: Date,
): RenewalTime | null {
  const enrolled = entries.find(({ alias }) => alias === aliases.enrolledKey)?.certificate;
  if (!enrolled) return null;
  const hours = lifecycle.certificateExpirationCheckTimeHours;
  const from = new Date(new Date(enrolled.notAfter).getTime() - hours * 3_600_000);
  return { wanted: lifecycle.clientCertificateRenew, from: from.toISOString(), due: at >= from };
}

/**
 * The renewal with this profile whose answer was lost. A timer must not renew again over it: the CA may have issued
 * already, and only a person can find out.
 */
export async function lostRenewal(
  store: Store,
  profile: Profile,
): Promise<EnrollmentRecord | null> {
  return await openEnrollment(store, profile, 'reenroll', 'outcome-unknown');
}
