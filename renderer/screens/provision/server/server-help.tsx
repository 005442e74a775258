import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';

export function ServerHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('server.help.way')}</h2>
        <Evidence>
          <EvidenceLine icon="trust">{t('server.help.trust')}</EvidenceLine>
          <EvidenceLine icon="tokens">{t('server.help.token')}</EvidenceLine>
          <EvidenceLine icon="server">{t('server.help.request')}</EvidenceLine>
          <EvidenceLine icon="done">{t('server.help.proof')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('server.help.where')}</h2>
        <p>{t('server.help.whereText')}</p>
        <p>{t('server.help.labelText')}</p>
      </section>
    </>
  );
}
