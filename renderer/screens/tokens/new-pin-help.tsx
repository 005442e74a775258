import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';

/** What a new PIN changes and what it leaves. */
export function NewPinHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('newPin.help.does')}</h2>
        <Evidence>
          <EvidenceLine icon="check">{t('newPin.help.keys')}</EvidenceLine>
          <EvidenceLine icon="locked">{t('newPin.help.once')}</EvidenceLine>
          <EvidenceLine icon="story">{t('newPin.help.record')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('pin.willNot')}</h2>
        <p>{t('pin.willNotText')}</p>
      </section>
    </>
  );
}
