import { StationError } from '../../shared/errors/station-error.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { EnrollmentTask } from './enrollment-task.ts';

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

/** Says in the journal that the signed request is about to go out, and waits for its answer. @throws StationError CANCEL-01 */
export async function announced({ log, signal }: EnrollmentTask): Promise<void> {
  if (signal.aborted) throw new StationError('CANCEL-01', { step: 'signed' });
  await log.step('submitted', async () => ({ result: undefined, evidence: {} }));
  // Announced, and still not sent: the last point at which a person can call it back.
  if (signal.aborted) throw new StationError('CANCEL-01', { step: 'submitted' });
  await log.begin('issued');
}
