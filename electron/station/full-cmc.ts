import { randomBytes } from 'node:crypto';
import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { EstExchange, FullCmcAnswer } from '../est/exchange.ts';
import { writeFullRequest } from '../pki/cmc/full-request.ts';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { attributesKnown } from './attributes-step.ts';
import {
  certificationRequest,
  type RequestMaterial,
  sameRequest,
} from './certification-request.ts';
import { type CmcSignerChoice, cmcSigner } from './cmc-signer.ts';
import { cmcVerdict } from './cmc-verdict.ts';
import { conclude } from './conclusion.ts';
import { conduct, type Opened } from './conduct.ts';
import { pending } from './ending.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { judgeIssued } from './issued-certificate.ts';
import { keyMade, tokenReady } from './keystore-steps.ts';
import { popFor, refuseBlocked } from './pop-policy.ts';
import { announced, authenticated, beforeSigning, type Sent } from './submission.ts';
import { demandExplicit, trusted } from './trusted-step.ts';

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
  refuseBlocked(pop);
  await task.trust.mayBeAsked(profile);
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const transaction = await transactionOf(task, signWith);
  const signer = await cmcSigner(task, keystore, transaction.signWith);
  const { anchors, exchange, caCertificates } = await trusted(task, keystore, pop);
  opened.exchange = exchange;
  // Who may speak for the CA is decided below these anchors alone.
  demandExplicit(task, anchors);
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
          serverDate: exchange.serverDate,
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
    serverDate: exchange.serverDate,
    crls: anchors.revocation?.crls,
  });
  log.warn(...judged.warnings);
  const { signatureAlgorithm } = plan.request;
  const requested = { key: subject.key, sent, signatureAlgorithm, caCertificates };
  return await conclude(task, keystore, judged, requested);
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

interface Submission extends RequestMaterial {
  readonly exchange: EstExchange;
  readonly pop: PopVerdict;
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
  const { log, earlier } = task;
  const { exchange, keystore, subject, pop, signer, transaction, sent } = submission;
  const token = earlier?.keyId === subject.key.id ? transaction.pendToken : null;
  const waiting = token === null ? null : (earlier?.request ?? null);
  const binding = waiting === null ? pop.binding : null;
  return await exchange.fullcmc(binding, async (bound) => {
    const again = sent.request !== null && keystore.kind === 'pkcs11';
    beforeSigning(task, exchange, { binding: bound, again });
    sent.nonce = randomBytes(16);
    const message = await log.step('signed', async () => {
      const same = bound === null ? sameRequest(earlier, subject) : null;
      const known = waiting?.der ?? same;
      const request = known ?? (await certificationRequest(task, submission, bound));
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
    await announced(task);
    return message;
  });
}
