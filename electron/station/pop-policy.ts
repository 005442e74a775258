import { StationError } from '../../shared/errors/station-error.ts';
import { type PopVerdict, popVerdict } from '../../shared/pop.ts';
import type { EnrollmentTask } from './enrollment-task.ts';

/** The policy's answer for this task; the wizard asks the same function. */
export function popFor(task: EnrollmentTask, serverAsksForPop?: boolean): PopVerdict {
  const { proofOfPossession, httpAuthentication } = task.profile;
  return popVerdict({
    popEnabled: proofOfPossession.enabled,
    channelBinding: proofOfPossession.channelBinding,
    tokenChannelBinding: proofOfPossession.tokenChannelBinding,
    tlsClientKey: task.tlsClientKey,
    httpScheme: httpAuthentication.scheme,
    ...(serverAsksForPop === undefined ? {} : { serverAsksForPop }),
  });
}

/** @throws StationError with the code of the first finding that blocks */
export function refuseBlocked(verdict: PopVerdict): void {
  const blocking = verdict.findings.find((finding) => finding.severity === 'block');
  if (blocking) throw new StationError(blocking.code);
}
