import { useTranslation } from 'react-i18next';

/** Sixteen groups of four of an upper-case hex SHA-256. */
export function groupsOf(fingerprint: string): readonly string[] {
  return fingerprint.match(/.{1,4}/g) ?? [];
}

/** How one group of a comparison stands. */
export type GroupMark = '' | 'same' | 'here' | 'eye' | 'todo' | 'diff';

/** Four numbered rows of four groups, so that "row 3, group 4" works on the phone. */
export function Fingerprint({
  groups,
  marks = [],
  small = false,
  testId,
  label,
}: {
  readonly groups: readonly string[];
  readonly marks?: readonly GroupMark[];
  readonly small?: boolean;
  readonly testId?: string;
  readonly label?: string;
}) {
  const { t } = useTranslation();
  return (
    <figure
      className={small ? 'fp small' : 'fp'}
      aria-label={label ?? t('fingerprint.name')}
      data-testid={testId}
    >
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="fp-row">
          <span className="row" aria-hidden="true">
            {row + 1}
          </span>
          {[0, 1, 2, 3].map((column) => {
            const place = row * 4 + column;
            return (
              <span key={column} className={`g ${marks[place] ?? ''}`}>
                {groups[place] ?? '····'}
              </span>
            );
          })}
        </div>
      ))}
    </figure>
  );
}
