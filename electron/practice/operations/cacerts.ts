import { type Answer, certsOnlyAnswer } from '../answer.ts';
import type { PracticeAuthority } from '../authority.ts';
import { writeCertsOnly } from '../certs-only.ts';
import type { Desk } from '../desk.ts';

/**
 * RFC 7030 §4.1: issuing CA and root, to anyone; while a rollover is in progress those of both generations, and
 * what links the roots.
 */
export function cacerts({ authority, rollover, options }: Desk): Answer {
  const linked = options.rollover === 'in-progress' ? rollover : null;
  const certificates = [
    ...certificatesOf(authority),
    ...(linked === null ? [] : [...certificatesOf(linked.former), ...linked.links]),
  ];
  return certsOnlyAnswer(writeCertsOnly(certificates), options.unwrapped);
}

function certificatesOf({ issuing, root }: PracticeAuthority): Buffer[] {
  return [issuing.certificate.raw, root.certificate.raw];
}
