import { writeCertsOnly } from '../../pki/certs-only.ts';
import type { Answer } from '../answer.ts';
import { spkiOf } from '../authority.ts';
import { issueCertificate, pendingAnswer } from '../certification.ts';
import type { Desk } from '../desk.ts';
import { generateLike, privateKeyDer } from '../generated-key.ts';
import { type AnswerPart, multipartAnswer } from '../multipart-answer.ts';
import type { Submission } from '../submission.ts';

/**
 * RFC 7030 §4.4: makes a key pair of the kind of the request's key, certifies it under the requested names and sends
 * both. The key of the request is forgotten.
 */
export async function serverkeygen(desk: Desk, { request }: Submission): Promise<Answer> {
  const pending = pendingAnswer(desk, request.spki);
  if (pending !== null) return pending;
  const { faults } = desk.options;
  const { publicKey, privateKey } = await generateLike(request.spki);
  const other = faults.includes('key-of-another-pair');
  const sent = other ? (await generateLike(request.spki)).privateKey : privateKey;
  const certificate = await issueCertificate(desk, { ...request, spki: spkiOf(publicKey) });
  const key: AnswerPart = {
    contentType: 'application/pkcs8',
    der: privateKeyDer(sent, faults.includes('traditional-key')),
  };
  const chain: AnswerPart = {
    contentType: 'application/pkcs7-mime; smime-type=certs-only',
    der: writeCertsOnly([certificate]),
  };
  const parts = faults.includes('key-after-certificate') ? [chain, key] : [key, chain];
  return multipartAnswer(parts, faults.includes('odd-multipart'));
}
