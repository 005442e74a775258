import { createPrivateKey, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type FullRequest, readFullRequest } from '../../pki/cmc/full-request.ts';
import { writeFullResponse } from '../../pki/cmc/full-response.ts';
import type { CmsSigner } from '../../pki/cmc/signed-data.ts';
import { type CmcStatus, type FailureName, failureNames } from '../../pki/cmc/status.ts';
import { certificatesFromPem } from '../../pki/pem.ts';
import { type Answer, base64Answer, certsOnlyAnswer, Refusal } from '../answer.ts';
import { type CertificateAuthority, makeAuthority } from '../authority.ts';
import { issueCertificate } from '../certification.ts';
import { writeCertsOnly } from '../certs-only.ts';
import type { Desk } from '../desk.ts';
import { makeClientCredential } from '../issue.ts';
import { checkPossession, demandPossession, type PossessionVerdict } from '../possession.ts';
import type { CertificationRequest } from '../request.ts';
import { readSubmission } from '../submission.ts';

const mostCertificates = 16;

/** What a request comes to, before it is written as a response. */
interface Decision {
  readonly status: CmcStatus;
  readonly certificates: readonly Buffer[];
}

/**
 * RFC 7030 §4.3: a Full PKI Request (RFC 5272) signed with any certificate this CA has issued gets a certificate for
 * its PKCS#10, or waits. What is refused is answered with status 400 and a CMC response (§4.3.2).
 * @param found is told what became of proof of possession.
 */
export async function fullcmc(
  desk: Desk,
  der: Buffer,
  connection: TLSSocket,
  found: (pop: PossessionVerdict) => void,
): Promise<Answer> {
  const message = readMessage(der);
  const decision =
    message === null ? refused('badRequest') : await decide(desk, message, connection, found);
  return await respond(desk, message, decision);
}

async function decide(
  desk: Desk,
  message: FullRequest,
  connection: TLSSocket,
  found: (pop: PossessionVerdict) => void,
): Promise<Decision> {
  const objection = objectionTo(desk, message);
  if (objection !== null) return objection;
  const wanted = requestOf(desk, message);
  if ('status' in wanted) return wanted;
  try {
    const submission = await readSubmission(wanted.der);
    // A request that waits was bound, if at all, to the connection it first came over.
    if (!wanted.waited) {
      const pop = checkPossession(submission.challengePassword, connection);
      found(pop);
      demandPossession(pop, desk.options.requirePop);
    }
    return await certified(desk, submission, wanted);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused('badRequest', error.message);
  }
}

function readMessage(der: Buffer): FullRequest | null {
  try {
    return readFullRequest(der, mostCertificates);
  } catch (error) {
    if (error instanceof StationError) return null;
    throw error;
  }
}

/** Why the message is not considered at all; null when it is. */
function objectionTo({ authority, options }: Desk, { signer }: FullRequest): Decision | null {
  if (signer === null) return refused('badMessageCheck', 'The message is not signed properly.');
  if (!isIssuedBy(signer, authority.issuing)) {
    return refused('badIdentity', 'The signer has no valid certificate of this CA.');
  }
  const refusal = failureNames.find((name) => options.faults.includes(`cmc-${name}`));
  return refusal === undefined ? null : refused(refusal, 'This practice server refuses all.');
}

function isIssuedBy(der: Buffer, { certificate }: CertificateAuthority): boolean {
  const signer = new X509Certificate(der);
  const now = new Date();
  return (
    signer.checkIssued(certificate) &&
    signer.verify(certificate.publicKey) &&
    now >= signer.validFromDate &&
    now <= signer.validToDate
  );
}

interface Wanted {
  /** PKCS#10, DER. */
  readonly der: Buffer;
  readonly waited: boolean;
}

/** The request of the message, or the one it asks after. */
function requestOf({ held }: Desk, { request, queryPending }: FullRequest): Wanted | Decision {
  if (queryPending !== null) {
    const waiting = held.find(queryPending);
    if (waiting !== null) return { der: waiting, waited: true };
    return refused('badRequest', 'Nothing waits under this token.');
  }
  if (request === null) return refused('badRequest', 'The message holds no request.');
  return { der: request.der, waited: false };
}

async function certified(
  desk: Desk,
  submission: CertificationRequest,
  { der, waited }: Wanted,
): Promise<Decision> {
  const { pendingSeconds } = desk.options;
  if (!waited && pendingSeconds !== null && desk.pending.isFirst(submission.spki)) {
    const time = new Date(Date.now() + pendingSeconds * 1000);
    const pending = { token: desk.held.hold(der), time };
    const text = 'Accepted. Ask again with the token.';
    return { status: { status: 'pending', text, failure: null, pending }, certificates: [] };
  }
  const certificate = await issueCertificate(desk, submission);
  const status = { status: 'success', text: null, failure: null, pending: null } as const;
  return { status, certificates: [certificate] };
}

function refused(failure: FailureName, text: string | null = null): Decision {
  return { status: { status: 'failed', text, failure, pending: null }, certificates: [] };
}

async function respond(
  { authority, options }: Desk,
  message: FullRequest | null,
  { status, certificates }: Decision,
): Promise<Answer> {
  const { faults, unwrapped } = options;
  if (status.status === 'success' && faults.includes('cmc-certs-only')) {
    return certsOnlyAnswer(writeCertsOnly(certificates), unwrapped);
  }
  const wrongNonce = faults.includes('cmc-wrong-nonce');
  const wrongTransaction = faults.includes('cmc-wrong-transaction');
  const signers = faults.includes('cmc-forged') ? makeAuthority() : authority;
  const marked = !faults.includes('cmc-unmarked-signer');
  const der = await writeFullResponse(
    {
      status,
      olderStatus: faults.includes('cmc-older-status'),
      parts: [message?.request?.bodyPart ?? 0],
      transactionId: wrongTransaction ? Buffer.of(1) : (message?.transactionId ?? null),
      recipientNonce: wrongNonce ? randomBytes(16) : (message?.senderNonce ?? null),
      senderNonce: randomBytes(16),
      certificates,
    },
    faults.includes('cmc-unsigned') ? null : responder(signers, marked),
  );
  const answer = base64Answer('application/pkcs7-mime; smime-type=CMC-response', der, unwrapped);
  return status.status === 'failed' ? { ...answer, status: 400 } : answer;
}

/** A fresh key below the CA; `marked` with id-kp-cmcRA it may speak for it. */
function responder(authority: Desk['authority'], marked: boolean): CmsSigner {
  const { keyPem, chainPem } = makeClientCredential(authority, 'Practice CMC responder', marked);
  const key = createPrivateKey(keyPem);
  return {
    chain: certificatesFromPem(chainPem),
    signatureAlgorithm: 'SHA256WITHECDSA',
    sign: async (data) => sign('sha256', data, key),
  };
}
