import { useTranslation } from 'react-i18next';
import { testIds } from '../test-ids.ts';
import { Field } from './field.tsx';
import { useScanner } from './scanner.ts';
import { State } from './state.tsx';

/** A person types or scans the name of what will be destroyed. */
export function TypedConsent({
  label,
  names,
  typed,
  onTyped,
}: {
  readonly label: string;
  /** Each of them is consent. */
  readonly names: readonly string[];
  readonly typed: string;
  onTyped(typed: string): void;
}) {
  const { t } = useTranslation();
  useScanner((text) => {
    const scanned = text.replace(/\s/g, '');
    if (!names.includes(scanned)) return false;
    onTyped(scanned);
    return true;
  });
  const same = names.includes(typed);
  return (
    <Field
      label={label}
      className="mono-field"
      value={typed}
      maxLength={256}
      onChange={(event) => onTyped(event.target.value)}
      hint={
        <span role="status">
          {typed !== '' && (
            <State state={same ? 'done' : 'attention'}>
              {t(same ? 'tokens.consent.same' : 'tokens.consent.other')}
            </State>
          )}
        </span>
      }
      testId={testIds.consent}
    />
  );
}
