import { StationError } from '../../../shared/errors/station-error.ts';
import { changedSubjectName } from '../../pki/change-subject-name.ts';
import { type Answer, Refusal } from '../answer.ts';
import { isRegistrationAuthority } from '../authentication.ts';
import { certificateNames } from '../certificate-names.ts';
import { certify } from '../certification.ts';
import type { Desk } from '../desk.ts';
import type { IssuedName } from '../issued-certificates.ts';
import type { CertificationRequest } from '../request.ts';
import type { Submission } from '../submission.ts';

/**
 * RFC 7030 §4.2.2: renews a certificate. Subject and SubjectAltName must equal, byte for byte, those of the
 * certificate the client presents by TLS; a client with a password, or a registration authority, renews any
 * certificate this CA has issued. The attribute ChangeSubjectName (RFC 6402 §2.8) gives the new certificate its name.
 */
export async function simplereenroll(desk: Desk, submission: Submission): Promise<Answer> {
  const { request } = submission;
  const predecessors = currentNames(desk, submission);
  const named = predecessors.some(({ subjectAltName }) =>
    sameBytes(subjectAltName, request.subjectAltName),
  );
  if (!named) {
    throw new Refusal(
      403,
      'The SubjectAltName of the request differs from that of the certificate to be renewed (RFC 7030 section 4.2.2).',
    );
  }
  return certify(desk, { ...request, subject: newSubject(request) });
}

/** The name the new certificate gets. @throws Refusal 400 for a ChangeSubjectName that cannot be read. */
function newSubject(request: CertificationRequest): Buffer {
  try {
    return changedSubjectName(request) ?? request.subject;
  } catch (error) {
    if (error instanceof StationError) {
      throw new Refusal(400, 'The new name of the request (ChangeSubjectName) cannot be read.');
    }
    throw error;
  }
}

function currentNames(desk: Desk, { request, authentication }: Submission): readonly IssuedName[] {
  const presented = authentication.clientCertificate;
  if (presented !== null && !isRegistrationAuthority(presented)) {
    const current = certificateNames(presented.raw);
    if (!request.subject.equals(current.subject)) {
      throw new Refusal(
        403,
        'The subject of the request differs from that of the TLS client certificate (RFC 7030 section 4.2.2).',
      );
    }
    return [current];
  }
  const predecessors = desk.issued.ofSubject(request.subject);
  if (predecessors.length === 0) {
    throw new Refusal(
      403,
      'This CA has issued no certificate with this subject: nothing to renew.',
    );
  }
  return predecessors;
}

function sameBytes(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}
