import type { EnrollmentState } from '../../../shared/enrollment.ts';
import { commonName } from '../../components/distinguished-name.ts';
import type { OpenEnrollment } from '../../stores/open-enrollments.ts';

/** Whom an enrollment is for: the certificate's name, else the one that was asked for. */
export function nameOf({ record, profile }: OpenEnrollment): string {
  const subject = record.certificate?.subject ?? profile?.request.subject;
  return subject ? commonName(subject) : record.profile;
}

const words = [
  'refused',
  'failed',
  'pending',
  'issued-not-stored',
  'outcome-unknown',
  'cancelled',
] as const;

/** The text key of a state's word. */
export function stateWord(state: EnrollmentState) {
  const known = words.find((word) => word === state);
  if (known) return `result.state.${known}` as const;
  return state === 'done' ? ('enrollments.done' as const) : ('enrollments.working' as const);
}
