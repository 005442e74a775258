import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, type NoticeCode, notice, noticeTexts } from '../../shared/notices.ts';
import {
  type BoundConnection,
  connectionFinding,
  type PopFinding,
  type PopVerdict,
  popQuestion,
  popVerdict,
} from '../../shared/pop.ts';
import type { EnrollmentTask } from './enrollment-task.ts';

/** The policy's answer for this task; the wizard asks the same function. */
export function popFor({ profile }: EnrollmentTask, serverAsksForPop?: boolean): PopVerdict {
  return popVerdict(popQuestion(profile, serverAsksForPop));
}

/** @throws StationError with the code of the first finding that blocks */
export function refuseBlocked(verdict: PopVerdict): void {
  const blocking = verdict.findings.find((finding) => finding.severity === 'block');
  if (blocking) throw new StationError(blocking.code);
}

/**
 * Says or refuses what the present connection adds, before a request is bound to it; said once.
 * @throws StationError POP-08
 */
export function judgeConnection({ log, profile }: EnrollmentTask, facts: BoundConnection): void {
  const finding = connectionFinding(popQuestion(profile), facts);
  if (finding?.severity === 'block') throw new StationError(finding.code);
  const known = new Set<string>(log.record.warnings.map(({ code }) => code));
  const told = finding === null ? [] : warningsOf([finding]);
  log.warn(...told.filter(({ code }) => !known.has(code)));
}

/** The findings that belong into the record of an enrollment. */
export function warningsOf(findings: readonly PopFinding[]): Notice[] {
  return findings
    .filter(({ severity }) => severity === 'warning')
    .flatMap(({ code }) => (isNoticeCode(code) ? [notice(code)] : []));
}

function isNoticeCode(code: string): code is NoticeCode {
  return Object.hasOwn(noticeTexts, code);
}
