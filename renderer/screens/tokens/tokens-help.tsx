import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';

/** What the screen costs (nothing), and what a PIN and an SO PIN are for. */
export function TokensHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('tokens.help.looking')}</h2>
        <Evidence>
          <EvidenceLine icon="check">{t('token.help.free')}</EvidenceLine>
          <EvidenceLine icon="tokens">{t('tokens.help.live')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('tokens.help.pins')}</h2>
        <Evidence>
          <EvidenceLine icon="locked">
            <b>{t('tokens.help.pin')}</b> {t('tokens.help.pinText')}
          </EvidenceLine>
          <EvidenceLine icon="locked">
            <b>{t('tokens.help.soPin')}</b> {t('tokens.help.soPinText')}
          </EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('token.help.scanner')}</h2>
        <p>{t('tokens.help.scanner')}</p>
      </section>
    </>
  );
}
