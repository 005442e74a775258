import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rowTestId, testIds } from '../test-ids.ts';
import { Icon } from './icon.tsx';
import { useScanner } from './scanner.ts';
import { useTypingAnywhere } from './typing-anywhere.ts';

export interface ListRow {
  /** What opens; unique in the list. */
  readonly item: string;
  readonly title: string;
  readonly text: string;
  /** Words a person may look for beside what is shown: serials, fingerprints, identifiers. */
  readonly keywords?: string;
  /** State, time, reading. */
  readonly state: ReactNode;
}

export interface RowGroup {
  /** Heading of the group; null where there is only one. */
  readonly title: string | null;
  readonly rows: readonly ListRow[];
}

/** Rows from which a search field is offered. */
const many = 8;

/**
 * Rows that open a page of their own. Typing or scanning anywhere looks for a row; a scan that fits one alone
 * opens it.
 */
export function RowList({
  groups,
  findLabel,
  onOpen,
}: {
  readonly groups: readonly RowGroup[];
  readonly findLabel: string;
  onOpen(item: string): void;
}) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const rows = groups.flatMap((group) => group.rows);
  const searchable = rows.length >= many;
  useTypingAnywhere(field, searchable ? /^[\p{L}\p{N}]$/u : null);
  const found = groups
    .map(({ title, rows: all }) => ({ title, rows: all.filter((row) => fits(row, wanted)) }))
    .filter((group) => group.rows.length > 0);
  useScanner((text) => {
    const hits = rows.filter((row) => fits(row, text));
    const [hit] = hits;
    if (hit === undefined) return false;
    if (hits.length === 1) onOpen(hit.item);
    else setWanted(text);
    return true;
  });
  return (
    <>
      {searchable && (
        <input
          ref={field}
          type="search"
          className="input find"
          aria-label={findLabel}
          placeholder={findLabel}
          spellCheck={false}
          autoComplete="off"
          maxLength={256}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          data-testid={testIds.find}
        />
      )}
      {found.map((group) => (
        <section key={group.title}>
          {group.title !== null && (
            <div className="bar">
              <h2>{group.title}</h2>
              <p>{group.rows.length}</p>
            </div>
          )}
          <Rows rows={group.rows} onOpen={onOpen} />
        </section>
      ))}
      <p className="small quiet" role="status">
        {wanted !== '' && found.length === 0 ? t('screens.nothingFound', { wanted }) : ''}
      </p>
    </>
  );
}

function Rows({ rows, onOpen }: { readonly rows: readonly ListRow[]; onOpen(item: string): void }) {
  return (
    <ul className="rows">
      {rows.map(({ item, title, text, state }) => (
        <li key={item}>
          <button type="button" onClick={() => onOpen(item)} data-testid={rowTestId(item)}>
            <span className="what">
              <b title={title}>{title}</b>
              <span title={text}>{text}</span>
            </span>
            <span className="how">{state}</span>
            <Icon name="next" className="i-s" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function fits({ title, text, item, keywords = '' }: ListRow, wanted: string): boolean {
  const plain = (words: string) => words.toLowerCase().replace(/[\s:]+/g, '');
  return plain([title, text, item, keywords].join('\n')).includes(plain(wanted));
}
