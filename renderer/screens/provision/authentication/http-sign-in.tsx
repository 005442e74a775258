import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/field.tsx';
import { SecretField } from '../../../components/secret-field.tsx';
import { Segments } from '../../../components/segments.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

const schemes = ['none', 'basic', 'digest'] as const;

/** User name and password over HTTP. */
export function HttpSignIn({
  field,
  onFilled,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
  onFilled(filled: boolean): void;
}) {
  const { t } = useTranslation();
  const { draft, held, setDraft } = useWizard();
  const { httpAuthentication } = draft;
  const { scheme, username } = httpAuthentication;
  const change = (facts: Partial<typeof httpAuthentication>) =>
    setDraft({ ...draft, httpAuthentication: { ...httpAuthentication, ...facts } });
  return (
    <section>
      <div className="bar">
        <h2>{t('authentication.http')}</h2>
        <Segments
          name="auth-scheme"
          label={t('authentication.http')}
          testId={testIds.authScheme}
          options={schemes.map((value) => ({ value, text: t(`authentication.scheme.${value}`) }))}
          value={scheme}
          onChange={(chosen) => change({ scheme: chosen })}
        />
      </div>
      <p className="quiet small bar-note">{t(`authentication.about.${scheme}`)}</p>
      {scheme !== 'none' && (
        <div className="columns bar-fields">
          <Field
            label={t('authentication.username')}
            value={username}
            onChange={(event) => change({ username: withoutColon(event.target.value) })}
            maxLength={256}
            testId={testIds.username}
          />
          <SecretField
            label={t('authentication.password')}
            hint={
              held.password ? t('authentication.passwordHeld') : t('authentication.passwordHint')
            }
            field={field}
            testId={testIds.password}
            onFilled={onFilled}
          />
        </div>
      )}
    </section>
  );
}

/** RFC 7617 §2: a user name has no colon and no control character. */
function withoutColon(name: string): string {
  return name.replace(/[:\p{Cc}]/gu, '');
}
