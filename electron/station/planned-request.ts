import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, type NoticeCode, notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { type PlanLine, planRequest, type RequestPlan } from '../../shared/request-plan.ts';
import type { CsrAttributes } from '../est/exchange.ts';
import { nameParts, parseDistinguishedName } from '../pki/name.ts';
import type { RequestedExtension } from '../pki/request.ts';

/** What a person answered about the request before it is made. */
export interface RequestAnswers {
  /** Values for names the server's template leaves open: `serialNumber`, `DNS`. */
  readonly fill: Readonly<Record<string, string>>;
  /** Agrees to everything the server asks that the station can do. */
  readonly followServer: boolean;
  /** The subject a renewed certificate is to have (RFC 6402 §2.8); null keeps the present one. */
  readonly newSubject: string | null;
}

/** Nobody was asked. */
export const noAnswers: RequestAnswers = { fill: {}, followServer: false, newSubject: null };

/** What is settled before the plan. */
export interface PlanCircumstances {
  /** The key is there already. */
  readonly keyFixed: boolean;
  /** The names are those of an earlier request or of the present certificate. */
  readonly namesFixed: boolean;
}

/** The server's wishes held against the profile. @throws StationError PROFILE-05 for a subject that is none. */
export function planFor(
  { request }: Profile,
  wishes: CsrAttributes,
  { fill, followServer }: RequestAnswers,
  { keyFixed, namesFixed }: PlanCircumstances,
): RequestPlan {
  return planRequest({
    request,
    subject: nameParts(parseDistinguishedName(request.subject)),
    wishes,
    fill,
    consent: followServer,
    keyFixed,
    namesFixed,
  });
}

/** A first enrollment: neither key nor names are settled. */
export const firstEnrollment: PlanCircumstances = { keyFixed: false, namesFixed: false };

const longestWords = 1024;

/** A line of the plan within the bounds of the contract. */
export function boundedLine(line: PlanLine): PlanLine {
  const cut = (text: string) =>
    text.length <= longestWords ? text : `${text.slice(0, longestWords - 1)}…`;
  const { oid, asked, profile, sent } = line;
  return {
    ...line,
    oid: oid.slice(0, 300),
    asked: cut(asked),
    profile: cut(profile),
    sent: cut(sent),
  };
}

/** @throws StationError PROFILE-10 when a name the template wants has no value. */
export function demandComplete({ missing }: RequestPlan): void {
  if (missing.length > 0) throw new StationError('PROFILE-10', { missing: missing.join(', ') });
}

const keptNotices: Readonly<Partial<Record<PlanLine['about'], NoticeCode>>> = {
  subject: 'WISH-SUBJECT',
  subjectAltNames: 'WISH-NAMES',
  signature: 'WISH-SIGNATURE',
};

/** What a person should see of the plan: wishes not followed, and what became of the profile. */
export function planNotices({ lines }: RequestPlan): Notice[] {
  return lines.flatMap((line) => noticeOf(line) ?? []);
}

function noticeOf({ about, oid, asked, profile, sent, verdict }: PlanLine): Notice | null {
  if (about === 'extension')
    return verdict === 'followed' ? null : notice('WISH-EXTENSION', { oid });
  if (verdict === 'followed') return notice('WISH-FOLLOWED', { sent, profile: profile || '-' });
  if (verdict !== 'kept') return null;
  if (about === 'key') return notice('KEY-OTHER', { wanted: asked, used: sent });
  const code = keptNotices[about];
  return code === undefined ? null : notice(code, { asked, sent: sent || '-' });
}

/** The extensions of the plan as the request takes them. */
export function requestedExtensions({ extensions }: RequestPlan): RequestedExtension[] {
  return extensions.flatMap(({ oid, critical, value }) =>
    value === null ? [] : [{ oid, critical, value: Buffer.from(value, 'base64') }],
  );
}
