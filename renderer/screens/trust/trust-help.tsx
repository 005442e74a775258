import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';

/** What a root means, and which of the two databases counts when (RFC 7030 §3.6). */
export function TrustHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('roots.help.counts')}</h2>
        <Evidence>
          <EvidenceLine icon="done" state="done">
            <b>{t('roots.help.explicit')}</b> {t('roots.help.explicitText')}
          </EvidenceLine>
          <EvidenceLine icon="ready">
            <b>{t('roots.help.implicit')}</b> {t('roots.help.implicitText')}
          </EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('roots.help.change')}</h2>
        <p>{t('roots.help.changeText')}</p>
      </section>
      <section>
        <h2>{t('roots.help.record')}</h2>
        <p>{t('roots.help.recordText')}</p>
      </section>
    </>
  );
}
