import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { useTypingAnywhere } from '../../../components/typing-anywhere.ts';
import { fillTestId } from '../../../test-ids.ts';

const longest = 512;

/** Names the server's template leaves open (RFC 9908 §3.4): the person fills them in, by hand or scanner. */
export function OpenNames({
  names,
  values,
  onChange,
}: {
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  onChange(values: Readonly<Record<string, string>>): void;
}) {
  const { t } = useTranslation();
  const first = useRef<HTMLInputElement>(null);
  useTypingAnywhere(first, /^[\p{L}\p{N}]$/u);
  return (
    <section>
      <Notice state="attention" title={t('review.openNames', { count: names.length })}>
        <p>{t('review.openNamesText')}</p>
      </Notice>
      <div className="columns bar-fields">
        {names.map((name, place) => (
          <Field
            key={name}
            {...(place === 0 ? { ref: first } : {})}
            label={name}
            hint={t('review.openHint')}
            value={values[name] ?? ''}
            maxLength={longest}
            onChange={(event) => onChange({ ...values, [name]: event.target.value })}
            testId={fillTestId(name)}
          />
        ))}
      </div>
    </section>
  );
}
