import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import type { CmcSignerChoice } from './cmc-signer.ts';
import { isOf } from './earlier-request.ts';
import { runEnrollment } from './enrollment.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { runFullCmc } from './full-cmc.ts';
import type { RequestAnswers } from './planned-request.ts';
import { runServerKeygen } from './server-keygen.ts';

/** What a person decides about one enrollment. */
export interface EnrollmentOrder {
  readonly profile: Profile;
  readonly operation: EnrollmentRecord['operation'];
  /** Re-enroll with a new key instead of the present one. */
  readonly rekey?: boolean;
  /** Whose key signs a Full PKI Request; without it what an earlier attempt took, or else the enrolled one. */
  readonly signWith?: CmcSignerChoice;
  /** What a person answered about the request; nobody was asked when it is left out. */
  readonly answers?: Partial<RequestAnswers>;
  /** The person agrees that the request follows a redirect to another origin (RFC 7030 §3.2.1). */
  readonly followRedirect?: boolean;
  /** The person accepts that credentials go to a server whose name is not checked (PROFILE-07). */
  readonly unverifiedNameConfirmed?: boolean;
}

/** How an enrollment goes from its task to its end. */
export type Way = (task: EnrollmentTask) => Promise<EnrollmentRecord>;

/** The way that goes with the operation ordered. */
export function wayOf({ operation, signWith }: EnrollmentOrder): Way {
  if (operation === 'fullcmc') return (task) => runFullCmc(task, signWith ?? null);
  return operation === 'serverkeygen' ? runServerKeygen : runEnrollment;
}

/** The reference system's `enabled`: a profile switched off does nothing at all. */
export function refuseDisabled({ enabled, name }: Profile): void {
  if (!enabled) throw new StationError('PROFILE-04', { name });
}

/** Credentials for a server whose name is not checked could go to anyone under the same root. */
export function refuseUnverifiedName({
  profile,
  unverifiedNameConfirmed = false,
}: EnrollmentOrder): void {
  const atStake = profile.httpAuthentication.scheme !== 'none';
  if (atStake && !profile.server.hostnameVerification && !unverifiedNameConfirmed) {
    throw new StationError('PROFILE-07');
  }
}

/** A request that waits belongs to the server and the profile it was made for. */
export function refuseOtherProfile(profile: Profile, record: EnrollmentRecord): void {
  const { enrollmentId, state, server } = record;
  const detail = isOf(profile, record)
    ? `The enrollment ${enrollmentId} is "${state}"; it cannot be continued.`
    : `The enrollment ${enrollmentId} belongs to the profile "${record.profile}" and ${server}.`;
  const open = ['pending', 'outcome-unknown', 'failed', 'refused'].includes(state);
  if (!open || !isOf(profile, record)) throw new StationError('USAGE-01', { detail });
}
