import type { RequestPlan } from '../../shared/request-plan.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { changeSubjectName } from '../pki/change-subject-name.ts';
import { parseDistinguishedName } from '../pki/name.ts';
import { createRequest, type RequestAttribute } from '../pki/request.ts';
import type { EarlierRequest } from './earlier-request.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { requestedExtensions } from './planned-request.ts';
import type { RequestSubject } from './request-key.ts';

/** What a certification request is made of. */
export interface RequestMaterial {
  readonly keystore: Keystore;
  readonly subject: RequestSubject;
  readonly plan: RequestPlan;
}

/** The PKCS#10 (DER) the keystore's key signs, bound to a connection unless `binding` is null. */
export async function certificationRequest(
  task: EnrollmentTask,
  { keystore, subject, plan }: RequestMaterial,
  binding: Buffer | null,
): Promise<Buffer> {
  const { signatureAlgorithm } = task.profile.request;
  return await createRequest({
    subject: subject.subject,
    subjectAltNames: subject.subjectAltNames,
    subjectAltNameDer: subject.subjectAltNameDer,
    spki: subject.key.spki,
    signatureAlgorithm,
    extensions: requestedExtensions(plan),
    extraAttributes: newName(task),
    challengePassword: binding === null ? null : binding.toString('base64'),
    sign: (data) => keystore.sign(subject.key.alias, signatureAlgorithm, data),
  });
}

/** RFC 7030 §4.2.2: a renewal keeps the old subject and asks for the new one in an attribute. */
function newName({ log, answers: { newSubject } }: EnrollmentTask): RequestAttribute[] {
  if (newSubject === null || log.record.operation !== 'reenroll') return [];
  return [changeSubjectName(parseDistinguishedName(newSubject))];
}

/** RFC 7030 §4.2.3: the request the server knows already, byte for byte, unless it must be bound anew. */
export function sameRequest(
  earlier: EarlierRequest | null,
  { key }: RequestSubject,
): Buffer | null {
  const request = earlier?.request ?? null;
  return request !== null && !request.bound && earlier?.keyId === key.id ? request.der : null;
}
