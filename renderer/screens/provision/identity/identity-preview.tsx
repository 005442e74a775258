import { useTranslation } from 'react-i18next';
import { readName } from '../../../components/distinguished-name.ts';
import { type Fact, Facts, fact } from '../../../components/facts.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import type { IdentityForm } from './identity-step.tsx';

const known = ['CN', 'OU', 'O', 'L', 'ST', 'C', 'SERIALNUMBER', 'DC', 'EMAILADDRESS'] as const;

/** The request as a person will read it in the certificate. */
export function IdentityPreview({ values }: { readonly values: IdentityForm }) {
  const { t } = useTranslation();
  const { request } = useWizard((wizard) => wizard.draft);
  const token = useWizard((wizard) => wizard.token);
  const parts = readName(values.subject).map(({ type, value }, place): Fact => {
    const name = known.find((attribute) => attribute === type.toUpperCase());
    return fact(`${name ? t(`name.${name}`) : type}${'\u200b'.repeat(place)}`, <b>{value}</b>);
  });
  const names = values.names.filter(({ value }) => value.trim() !== '');
  return (
    <>
      <section>
        <h2>{t('identity.preview')}</h2>
        {parts.length === 0 ? <p>{t('identity.previewEmpty')}</p> : <Facts facts={parts} />}
      </section>
      {names.length > 0 && (
        <section>
          <h2>{t('certificate.alsoNamed')}</h2>
          <Facts
            facts={names.map(
              ({ kind, value }, place): Fact => [`${kind}${'\u200b'.repeat(place)}`, value],
            )}
          />
        </section>
      )}
      <section>
        <h2>{t('certificate.key')}</h2>
        <Facts
          facts={[
            [t('identity.kind'), t(`key.${request.keyParameterSet}`)],
            [t('identity.signedWith'), t(`signature.${request.signatureAlgorithm}`)],
            [t('identity.madeOn'), token ? token.label : t('strip.softwareKeystore')],
          ]}
        />
      </section>
      <section>
        <h2>{t('identity.serverMay')}</h2>
        <p>{t('identity.serverMayText')}</p>
      </section>
    </>
  );
}
