import { StationError } from '../../shared/errors/station-error.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { EstExchange } from '../est/exchange.ts';
import {
  certificationRequest,
  type RequestMaterial,
  sameRequest,
} from './certification-request.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { type EnrollmentWay, sameKeyRefusal } from './renewal.ts';
import { announced, beforeSigning, type Sent } from './submission.ts';

interface Submission extends RequestMaterial {
  readonly exchange: EstExchange;
  readonly pop: PopVerdict;
  readonly operation: EnrollmentWay['operation'];
  readonly sent: Sent;
}

/** Sends the request; a CA that knows the key already is told apart from one that dislikes the request. */
export async function submit(
  task: EnrollmentTask,
  submission: Submission,
): ReturnType<EstExchange['enroll']> {
  const { reused } = submission.subject;
  try {
    return await signAndSend(task, submission);
  } catch (error) {
    if (!reused || submission.operation !== 'simplereenroll') throw error;
    const refusal = sameKeyRefusal(StationError.from(error));
    task.log.warn(...refusal.notices);
    throw refusal.error;
  }
}

/** Signs for the present connection, journals durably, sends, and waits for the answer. */
async function signAndSend(
  task: EnrollmentTask,
  submission: Submission,
): ReturnType<EstExchange['enroll']> {
  const { log, earlier } = task;
  const { exchange, keystore, subject, pop, operation, sent } = submission;
  return await exchange.enroll(operation, pop.binding, async (binding) => {
    const again = sent.request !== null && keystore.kind === 'pkcs11';
    beforeSigning(task, exchange, { binding, again });
    const request = await log.step('signed', async () => {
      const same = binding === null ? sameRequest(earlier, subject) : null;
      if (same !== null) {
        const evidence = { request: same.toString('base64'), bound: false, again: true };
        return { result: same, evidence };
      }
      const der = await certificationRequest(task, submission, binding);
      const evidence = { request: der.toString('base64'), bound: binding !== null };
      return { result: der, evidence };
    });
    await announced(task);
    sent.request = request;
    return request;
  });
}
