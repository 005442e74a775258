import { type Answer, certsOnlyAnswer } from '../answer.ts';
import { writeCertsOnly } from '../certs-only.ts';
import type { Desk } from '../desk.ts';

/** RFC 7030 §4.1: issuing CA and root, to anyone. */
export function cacerts({ authority, options }: Desk): Answer {
  const certificates = [authority.issuing.certificate.raw, authority.root.certificate.raw];
  return certsOnlyAnswer(writeCertsOnly(certificates), options.unwrapped);
}
