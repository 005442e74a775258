import { type Answer, certsOnlyAnswer, Refusal, textAnswer } from './answer.ts';
import { answerBag, writeInOrder } from './answer-bag.ts';
import type { Desk } from './desk.ts';
import { issueClientCertificate, issueForAnotherKey } from './issue.ts';
import type { CertificationRequest } from './request.ts';

/**
 * Issues the certificate of an accepted request, or lets a first request wait (RFC 7030 §4.2.3).
 * Every request that comes this far gets a certificate of its own: a CA cannot tell a repetition from a new wish.
 */
export async function certify(desk: Desk, request: CertificationRequest): Promise<Answer> {
  const pending = pendingAnswer(desk, request.spki);
  if (pending !== null) return pending;
  const { faults, unwrapped } = desk.options;
  if (faults.includes('unique-keys') && desk.issued.knowsKey(request.spki)) {
    throw new Refusal(400, 'A certificate for this public key already exists.');
  }
  const der = await issueCertificate(desk, request);
  const second = faults.includes('two-certificates') ? await issueCertificate(desk, request) : null;
  return certsOnlyAnswer(writeInOrder(answerBag(desk, der, second)), unwrapped);
}

/** 202 for the first request with this key (SubjectPublicKeyInfo, DER), when requests must wait; null for others. */
export function pendingAnswer({ options, pending }: Desk, spki: Uint8Array): Answer | null {
  if (options.pendingSeconds === null || !pending.isFirst(spki)) return null;
  return textAnswer(202, 'Accepted. Ask again with the same request.', {
    'Retry-After': String(options.pendingSeconds),
  });
}

/** Issues, writes down and returns a certificate, DER. */
export async function issueCertificate(
  { options, authority, issued }: Desk,
  request: Pick<CertificationRequest, 'subject' | 'spki' | 'subjectAltName'>,
): Promise<Buffer> {
  const contents = {
    subject: request.subject,
    spki: request.spki,
    subjectAltName: request.subjectAltName,
  };
  const der = options.faults.includes('certificate-for-another-key')
    ? issueForAnotherKey(authority.issuing, contents)
    : issueClientCertificate(authority.issuing, contents);
  await issued.add(der);
  return der;
}
