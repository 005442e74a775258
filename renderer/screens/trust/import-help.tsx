import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';

/** What a file is worth as a source, and what happens with it. */
export function ImportHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('roots.fileWorth')}</h2>
        <Evidence>
          <EvidenceLine icon="done" state="done">
            {t('roots.fileGood')}
          </EvidenceLine>
          <EvidenceLine icon="no">{t('roots.fileBad')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('roots.afterwards')}</h2>
        <p>{t('roots.fileAfterwards')}</p>
      </section>
    </>
  );
}
