import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import type { NoticeCode } from '../../shared/notices.ts';

/** What becomes of a case: taken, taken and told by notices, or ended by an error of the catalogue. */
export type Verdict =
  | 'accept'
  | `warn ${NoticeCode}`
  | `warn ${NoticeCode} ${NoticeCode}`
  | `refuse ${ErrorCode}`;

/** Cases of one field that one clause decides. */
export interface CaseGroup {
  /** Over its table in docs/est-conformance.md. */
  readonly heading: string;
  /** First part of the cases' ids. */
  readonly area: string;
  /** Where the group's verdicts come from. */
  readonly clause: string;
  /** By the words a test calls the case. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** One case an EST client must get right. */
export interface ConformanceCase {
  /** `area.words-of-the-title` */
  readonly id: string;
  readonly heading: string;
  readonly title: string;
  readonly clause: string;
  readonly verdict: Verdict;
}

/** The id of the case a test calls by this title. */
export function caseId(area: string, title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  return `${area}.${words.join('-')}`;
}

/** The cases of a group in the order they are written. */
export function casesOf({ heading, area, clause, verdicts }: CaseGroup): ConformanceCase[] {
  return Object.entries(verdicts).map(([title, verdict]) => {
    return { id: caseId(area, title), heading, title, clause, verdict };
  });
}
