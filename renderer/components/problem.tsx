import { useTranslation } from 'react-i18next';
import { type ErrorData, translate } from '../../shared/errors/station-error.ts';
import { useSettings } from '../stores/settings.ts';
import { testIds } from '../test-ids.ts';
import { Icon } from './icon.tsx';

/** An error's texts in the window's language. */
export function useProblemText(error: ErrorData): ErrorData {
  return translate(
    error,
    useSettings((settings) => settings.language),
  );
}

/** A refusal inside a page: what, why, the ways out. Its code stands in the panel. */
export function Problem({ error }: { readonly error: ErrorData }) {
  const { message, cause, waysOut } = useProblemText(error);
  return (
    <section
      className="notice problem"
      data-state="failed"
      role="alert"
      data-testid={testIds.problem}
    >
      <Icon name="failed" />
      <div>
        <h2>{message}</h2>
        <p>{cause}</p>
        <WaysOut ways={waysOut} />
      </div>
    </section>
  );
}

/** What a person can do now, most useful first. */
export function WaysOut({ ways }: { readonly ways: readonly string[] }) {
  return (
    <ol className="ways-out">
      {ways.map((way) => (
        <li key={way}>
          <Icon name="next" className="i-s" />
          <span>{way}</span>
        </li>
      ))}
    </ol>
  );
}

/** The code to read out, and the clause it comes from. */
export function ForThePhone({
  code,
  clause,
}: {
  readonly code: string;
  readonly clause: string | null;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('problem.phone')}</h2>
      <p className="code-line">
        <span className="code" data-testid={testIds.errorCode}>
          {code}
        </span>
        {clause}
      </p>
    </section>
  );
}
