import { type Answer, certsOnlyAnswer, textAnswer } from './answer.ts';
import { writeCertsOnly } from './certs-only.ts';
import type { Desk } from './desk.ts';
import { issueClientCertificate, issueForAnotherKey } from './issue.ts';
import type { CertificationRequest } from './request.ts';

/**
 * Issues the certificate of an accepted request, or lets a first request wait (RFC 7030 §4.2.3).
 * Every request that comes this far gets a certificate of its own: a CA cannot tell a repetition from a new wish.
 */
export async function certify(desk: Desk, request: CertificationRequest): Promise<Answer> {
  const { options, pending, authority, issued } = desk;
  if (options.pendingSeconds !== null && pending.isFirst(request.spki)) {
    return textAnswer(202, 'Accepted. Ask again with the same request.', {
      'Retry-After': String(options.pendingSeconds),
    });
  }
  const contents = {
    subject: request.subject,
    spki: request.spki,
    subjectAltName: request.subjectAltName,
  };
  const der = options.faults.includes('certificate-for-another-key')
    ? issueForAnotherKey(authority.issuing, contents)
    : issueClientCertificate(authority.issuing, contents);
  await issued.add(der);
  return certsOnlyAnswer(writeCertsOnly([der]), options.unwrapped);
}
