import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { attributesKnown } from './attributes-step.ts';
import { conclude } from './conclusion.ts';
import { conduct, type Opened } from './conduct.ts';
import { pending } from './ending.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { judgeIssued } from './issued-certificate.ts';
import { keyMade, tokenReady } from './keystore-steps.ts';
import { popFor, refuseBlocked } from './pop-policy.ts';
import { submit } from './request-step.ts';
import { authenticated, type Sent } from './submission.ts';
import { trusted } from './trusted-step.ts';

/**
 * One enrollment from an unlocked keystore to a verified certificate on it (RFC 7030 §4.2).
 * Never throws: the record tells how it ended.
 */
export async function runEnrollment(task: EnrollmentTask): Promise<EnrollmentRecord> {
  return await conduct(task, walk);
}

async function walk(task: EnrollmentTask, opened: Opened): Promise<EnrollmentRecord> {
  const { log, profile } = task;
  const pop = popFor(task);
  refuseBlocked(pop);
  await task.trust.mayBeAsked(profile);
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const { anchors, exchange, caCertificates, operation } = await trusted(task, keystore, pop);
  opened.exchange = exchange;
  const plan = await attributesKnown(task, exchange);
  const planned = { ...task, profile: { ...profile, request: plan.request } };
  const subject = await keyMade(planned, keystore);
  await authenticated(task, exchange, operation);
  const sent: Sent = { request: null };
  const submission = { exchange, keystore, subject, pop, operation, plan, sent };
  const answer = await submit(planned, submission);
  if (answer.kind === 'pending') return await pending(task, answer.retryAfterSeconds);
  const verdict = judgeIssued({
    answer: answer.certificates,
    caCertificates,
    anchors: anchors.anchors,
    spki: subject.key.spki,
    at: task.ports.clock.now(),
    serverDate: exchange.serverDate,
    crls: anchors.revocation?.crls,
  });
  log.warn(...answer.warnings, ...verdict.warnings);
  const { signatureAlgorithm } = plan.request;
  const requested = { key: subject.key, sent, signatureAlgorithm, caCertificates };
  return await conclude(task, keystore, verdict, requested);
}
