import type { Answer } from '../answer.ts';
import { certify } from '../certification.ts';
import type { Desk } from '../desk.ts';
import { named } from '../names.ts';
import type { Submission } from '../submission.ts';

/** RFC 7030 §4.2.1: a certificate for whatever name an authenticated client asks, or the one the mode gives it. */
export function simpleenroll(desk: Desk, submission: Submission): Promise<Answer> {
  return certify(desk, named(desk.options.mode, submission.request));
}
