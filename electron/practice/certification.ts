import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, certsOnlyAnswer, Refusal, textAnswer } from './answer.ts';
import { answerBag, writeInOrder } from './answer-bag.ts';
import type { Desk } from './desk.ts';
import { issueClientCertificate, issueForAnotherKey } from './issue.ts';
import type { CertificationRequest } from './request.ts';

/** Retry-After of a request that waits for a person. */
const approvalSeconds = 10;
/** Certificates per subject under the fault `quota`. */
const quota = 2;

/**
 * Issues the certificate of an accepted request, or lets a first request wait (RFC 7030 §4.2.3).
 * Every request that comes this far gets a certificate of its own: a CA cannot tell a repetition from a new wish.
 */
export async function certify(desk: Desk, request: CertificationRequest): Promise<Answer> {
  const pending = await pendingAnswer(desk, request.spki);
  if (pending !== null) return pending;
  const { faults, unwrapped } = desk.options;
  if (faults.includes('unique-keys') && desk.issued.knowsKey(request.spki)) {
    throw new Refusal(400, 'A certificate for this public key already exists.');
  }
  const der = await issueCertificate(desk, request);
  const second = faults.includes('two-certificates') ? await issueCertificate(desk, request) : null;
  return certsOnlyAnswer(writeInOrder(answerBag(desk, der, second)), unwrapped);
}

/**
 * 202 when requests must wait: for approval, or because none with this key (SubjectPublicKeyInfo, DER) was seen before.
 * Null for others.
 */
export async function pendingAnswer(
  { options, pending }: Desk,
  spki: Uint8Array,
): Promise<Answer | null> {
  const { pendingSeconds, approval, dir } = options;
  const waits =
    (pendingSeconds !== null && pending.isFirst(spki)) || (approval && !(await isApproved(dir)));
  if (!waits) return null;
  return textAnswer(202, 'Accepted. Ask again with the same request.', {
    'Retry-After': String(pendingSeconds ?? approvalSeconds),
  });
}

function isApproved(dir: string): Promise<boolean> {
  return access(join(dir, 'approve')).then(
    () => true,
    () => false,
  );
}

/** Issues, writes down and returns a certificate, DER. @throws Refusal 403 beyond the quota. */
export async function issueCertificate(
  { options, authority, issued }: Desk,
  request: Pick<CertificationRequest, 'subject' | 'spki' | 'subjectAltName'>,
): Promise<Buffer> {
  if (options.faults.includes('quota') && issued.ofSubject(request.subject).length >= quota) {
    throw new Refusal(403, `The quota of ${quota} certificates for this subject is used up.`);
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
  return der;
}
