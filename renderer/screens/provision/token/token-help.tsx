import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';

export function TokenHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('token.help.keeps')}</h2>
        <Evidence>
          <EvidenceLine icon="tokens">{t('token.help.made')}</EvidenceLine>
          <EvidenceLine icon="locked">{t('token.help.pin')}</EvidenceLine>
          <EvidenceLine icon="check">{t('token.help.free')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('token.help.scanner')}</h2>
        <p>{t('token.help.scannerText')}</p>
      </section>
      <section>
        <h2>{t('token.help.module')}</h2>
        <p>{t('token.help.moduleText')}</p>
      </section>
    </>
  );
}
