import { randomBytes } from 'node:crypto';
import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { RequestPlan } from '../../shared/request-plan.ts';
import type { EstExchange, FullCmcAnswer } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { writeFullRequest } from '../pki/cmc/full-request.ts';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { createRequest } from '../pki/request.ts';
import { type CmcSignerChoice, cmcSigner } from './cmc-signer.ts';
import { cmcVerdict } from './cmc-verdict.ts';
import {
  acceptable,
  attributesKnown,
  authenticated,
  conduct,
  type EnrollmentTask,
  issued,
  keyMade,
  type Opened,
  pending,
  popFor,
  refuse,
  type Sent,
  sameRequest,
  store,
  tokenReady,
  trusted,
} from './enrollment.ts';
import { judgeIssued } from './issued-certificate.ts';
import { requestedExtensions } from './planned-request.ts';
import type { RequestSubject } from './request-key.ts';

/**
 * One enrollment by a Full PKI Request that an enrolled certificate or a registration authority signs
 * (RFC 7030 §4.3, RFC 5272). The steps, states and the record are those of every enrollment.
 * Never throws: the record tells how it ended.
 * @param signWith whose key signs; null takes what an earlier attempt took, or else the enrolled one.
 */
export async function runFullCmc(
  task: EnrollmentTask,
  signWith: CmcSignerChoice | null,
): Promise<EnrollmentRecord> {
  return await conduct(task, (conducted, opened) => walk(conducted, opened, signWith));
}

/** What the messages of one transaction have in common; it stands in the journal, so it survives a restart. */
interface Transaction {
  /** Octets of a positive INTEGER (RFC 5272 §6.6). */
  readonly id: Buffer;
  readonly signWith: CmcSignerChoice;
  /** What the CA gave to ask again with, or null. */
  readonly pendToken: Buffer | null;
}

async function walk(
  task: EnrollmentTask,
  opened: Opened,
  signWith: CmcSignerChoice | null,
): Promise<EnrollmentRecord> {
  const { log, profile } = task;
  const pop = popFor(task);
  refuse(pop);
  await task.trust.mayBeAsked(profile);
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const transaction = await transactionOf(task, signWith);
  const signer = await cmcSigner(task, keystore, transaction.signWith);
  const { anchors, exchange, caCertificates } = await trusted(task, keystore, pop);
  opened.exchange = exchange;
  // Who may speak for the CA is decided below these anchors alone.
  if (anchors.origin !== 'explicit') {
    throw new StationError('TRUST-01', { server: log.record.server });
  }
  const plan = await attributesKnown(task, exchange);
  const planned = { ...task, profile: { ...profile, request: plan.request } };
  const subject = await keyMade(planned, keystore);
  await authenticated(task, exchange, 'fullcmc');
  const sent: SentMessage = { request: null, nonce: Buffer.alloc(0) };
  const answer = await submit(planned, {
    exchange,
    keystore,
    subject,
    pop,
    plan,
    signer,
    transaction,
    sent,
  });
  if (answer.kind === 'pending') return await pending(task, answer.retryAfterSeconds);
  const at = task.ports.clock.now();
  const verdict =
    answer.kind === 'issued'
      ? answer
      : cmcVerdict(answer.der, {
          transactionId: transaction.id,
          senderNonce: sent.nonce,
          anchors: anchors.anchors,
          caCertificates,
          at,
          limit: profile.limits.certificates,
        });
  log.warn(...answer.warnings);
  if (verdict.kind === 'pending') {
    const pendToken = verdict.token.toString('base64');
    return await pending(task, verdict.retryAfterSeconds, { pendToken });
  }
  const judged = judgeIssued({
    answer: verdict.certificates,
    caCertificates,
    anchors: anchors.anchors,
    spki: subject.key.spki,
    at,
  });
  log.warn(...judged.warnings);
  await issued(task, keystore, judged, subject);
  await acceptable(task, judged, sent);
  await store(task, keystore, {
    certificate: judged.certificate.der,
    spki: subject.key.spki,
    caCertificates,
    bootstrapCa: judged.path.at(-1) ?? null,
    signatureAlgorithm: plan.request.signatureAlgorithm,
    keyAlias: subject.key.alias,
  });
  return await log.end('done', { certificate: judged.certificate.fingerprint });
}

/** The transaction an earlier attempt began, or a new one. */
async function transactionOf(
  { ports, log, earlier }: EnrollmentTask,
  signWith: CmcSignerChoice | null,
): Promise<Transaction> {
  const { enrollmentId } = log.record;
  const lastOf = async (state: EnrollmentState) => {
    if (earlier === null) return {};
    const entries = await ports.store.journal.read({ enrollmentId, state, limit: 2 });
    return entries.findLast(({ phase }) => phase === 'after')?.evidence ?? {};
  };
  const { transaction, signedWith } = await lastOf('signed');
  const { pendToken } = await lastOf('pending');
  return {
    id: typeof transaction === 'string' ? Buffer.from(transaction, 'hex') : newTransactionId(),
    signWith: signWith ?? (signedWith === 'tls' ? 'tls' : 'enrolled'),
    pendToken: typeof pendToken === 'string' ? Buffer.from(pendToken, 'base64') : null,
  };
}

/** 16 octets of a positive INTEGER in its shortest form. */
function newTransactionId(): Buffer {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets;
}

interface Submission {
  readonly exchange: EstExchange;
  readonly keystore: Keystore;
  readonly subject: RequestSubject;
  readonly pop: PopVerdict;
  readonly plan: RequestPlan;
  readonly signer: CmsSigner;
  readonly transaction: Transaction;
  readonly sent: SentMessage;
}

/** The request and the nonce that went out last. */
interface SentMessage extends Sent {
  nonce: Buffer;
}

/** Makes the request for the present connection, wraps and signs it, journals durably, and sends. */
async function submit(task: EnrollmentTask, submission: Submission): Promise<FullCmcAnswer> {
  const { log, signal, earlier } = task;
  const { exchange, subject, pop, signer, transaction, sent } = submission;
  const token = earlier?.keyId === subject.key.id ? transaction.pendToken : null;
  const waiting = token === null ? null : (earlier?.request ?? null);
  const binding = waiting === null ? pop.binding : null;
  return await exchange.fullcmc(binding, async (bound) => {
    sent.nonce = randomBytes(16);
    const message = await log.step('signed', async () => {
      const request = waiting?.der ?? (await certificationRequest(task, submission, bound));
      sent.request = request;
      const ask =
        waiting === null || token === null
          ? ({ kind: 'certificate', request } as const)
          : ({ kind: 'pending', token } as const);
      const der = await writeFullRequest(
        { transactionId: transaction.id, senderNonce: sent.nonce, regInfo: null, ask },
        signer,
      );
      const evidence = {
        request: request.toString('base64'),
        bound: waiting?.bound ?? bound !== null,
        transaction: transaction.id.toString('hex'),
        signedWith: transaction.signWith,
        asks: ask.kind,
      };
      return { result: der, evidence };
    });
    if (signal.aborted) throw new StationError('CANCEL-01', { step: 'signed' });
    await log.step('submitted', async () => ({ result: undefined, evidence: {} }));
    await log.begin('issued');
    return message;
  });
}

async function certificationRequest(
  { profile, earlier }: EnrollmentTask,
  { keystore, subject, plan }: Submission,
  binding: Buffer | null,
): Promise<Buffer> {
  const same = binding === null ? sameRequest(earlier, subject) : null;
  if (same !== null) return same;
  const { signatureAlgorithm } = profile.request;
  return await createRequest({
    subject: subject.subject,
    subjectAltNames: subject.subjectAltNames,
    subjectAltNameDer: subject.subjectAltNameDer,
    spki: subject.key.spki,
    signatureAlgorithm,
    extensions: requestedExtensions(plan),
    challengePassword: binding === null ? null : binding.toString('base64'),
    sign: (data) => keystore.sign(subject.key.alias, signatureAlgorithm, data),
  });
}
