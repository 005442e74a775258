import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';

/** What initialising does to a token. */
export function InitialiseHelp({ used }: { readonly used: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('blank.does')}</h2>
        <Evidence>
          <EvidenceLine icon="tokens">{t('blank.doesLabel')}</EvidenceLine>
          <EvidenceLine icon="locked">
            {t(used ? 'tokens.initialise.doesPin' : 'blank.doesPin')}
          </EvidenceLine>
          <EvidenceLine icon="attention" state="attention">
            {t(used ? 'tokens.initialise.doesErase' : 'blank.doesErase')}
          </EvidenceLine>
          <EvidenceLine icon="story">{t('tokens.recorded')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('blank.soPinTitle')}</h2>
        <p>{t('blank.soPinText')}</p>
      </section>
    </>
  );
}
