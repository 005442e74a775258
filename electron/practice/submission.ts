import { Refusal } from './answer.ts';
import type { Authentication } from './authentication.ts';
import { keyObjection } from './issue.ts';
import { type CertificationRequest, readRequest } from './request.ts';

/** A certification request that may be carried out, and who sent it. */
export interface Submission {
  readonly request: CertificationRequest;
  readonly authentication: Authentication;
}

/**
 * Reads a PKCS#10 (DER) and checks everything that is true of every good request.
 * @throws Refusal 400 when it cannot be read, is not signed by its own key, has a key that is too weak, or
 * names nobody.
 */
export async function readSubmission(der: Buffer): Promise<CertificationRequest> {
  const request = parse(der);
  const objection = keyObjection(request.spki);
  if (objection !== null) throw new Refusal(400, `Refused: ${objection}.`);
  if (!(await request.verify())) {
    throw new Refusal(400, 'The signature of the request was not made with its own key.');
  }
  if (request.subject.length === 2 && request.subjectAltName === null) {
    throw new Refusal(400, 'The request names nobody: neither a subject nor a SubjectAltName.');
  }
  return request;
}

function parse(der: Buffer): CertificationRequest {
  try {
    return readRequest(der);
  } catch {
    throw new Refusal(400, 'The body is not a PKCS#10 certification request.');
  }
}
