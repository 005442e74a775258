import type { UseFieldArrayReturn, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { testIds } from '../../../test-ids.ts';
import { type IdentityForm, nameKinds } from './identity-step.tsx';

const most = 32;

/** Further names: DNS, IP, email, URI. */
export function AlternativeNames({
  form,
  names,
}: {
  readonly form: UseFormReturn<IdentityForm>;
  readonly names: UseFieldArrayReturn<IdentityForm, 'names'>;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <div className="bar">
        <h2>{t('identity.names')}</h2>
        <button
          type="button"
          className="btn small"
          disabled={names.fields.length >= most}
          onClick={() => names.append({ kind: 'DNS', value: '' })}
          data-testid={testIds.addName}
        >
          {t('identity.addName')}
        </button>
      </div>
      {names.fields.length === 0 && <p className="quiet small bar-note">{t('identity.noNames')}</p>}
      {names.fields.map((field, place) => (
        <div key={field.id} className="name-row">
          <select
            {...form.register(`names.${place}.kind`)}
            className="input"
            aria-label={t('identity.nameKind', { place: place + 1 })}
          >
            {nameKinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
          <input
            {...form.register(`names.${place}.value`)}
            type="text"
            className="input"
            spellCheck={false}
            autoComplete="off"
            aria-label={t('identity.nameValue', { place: place + 1 })}
          />
          <button type="button" className="btn" onClick={() => names.remove(place)}>
            {t('identity.removeName')}
            <span className="sr"> {place + 1}</span>
          </button>
        </div>
      ))}
    </section>
  );
}
