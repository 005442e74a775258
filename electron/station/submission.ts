import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { judgeConnection } from './pop-policy.ts';

/** The request as it went out last, DER. */
export interface Sent {
  request: Buffer | null;
}

/** Settles how the station proves itself to the server before the request is signed. */
export async function authenticated(
  task: EnrollmentTask,
  exchange: EstExchange,
  operation: Parameters<EstExchange['settleAuthentication']>[0],
): Promise<void> {
  const { log, profile } = task;
  await log.step('authenticated', async () => {
    await exchange.settleAuthentication(operation);
    const tls = task.tlsClientKey === 'none' ? 'none' : 'certificate';
    return { result: undefined, evidence: { http: profile.httpAuthentication.scheme, tls } };
  });
}

/**
 * Judges the present connection before a request is bound to it, and says when the token signs once more because
 * the connection before was lost.
 * @throws StationError POP-08
 */
export function beforeSigning(
  task: EnrollmentTask,
  { facts }: EstExchange,
  { binding, again }: { readonly binding: Buffer | null; readonly again: boolean },
): void {
  if (binding === null) return;
  judgeConnection(task, facts);
  if (again) task.log.warn(notice('POP-09'));
}

/** Says in the journal that the signed request is about to go out, and waits for its answer. @throws StationError CANCEL-01 */
export async function announced({ log, signal }: EnrollmentTask): Promise<void> {
  if (signal.aborted) throw new StationError('CANCEL-01', { step: 'signed' });
  await log.step('submitted', async () => ({ result: undefined, evidence: {} }));
  // Announced, and still not sent: the last point at which a person can call it back.
  if (signal.aborted) throw new StationError('CANCEL-01', { step: 'submitted' });
  await log.begin('issued');
}
