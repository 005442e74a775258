import { useTranslation } from 'react-i18next';
import { commonName } from '../../../components/distinguished-name.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Facts, fact } from '../../../components/facts.tsx';
import { Parts } from '../../../components/parts.tsx';
import { useWizard } from '../../../stores/wizard.ts';

export function AuthenticationHelp() {
  const { t } = useTranslation();
  const { draft, trust } = useWizard();
  const root = trust?.anchors[0]?.certificate.subject;
  return (
    <>
      <section>
        <h2>{t('authentication.goesTo')}</h2>
        <Facts
          facts={[
            fact(t('strip.server'), <Parts text={draft.server.endpoint} />),
            [t('authentication.under'), root ? commonName(root) : t('strip.notTrusted')],
            [
              t('authentication.nameCheck'),
              draft.server.hostnameVerification ? t('word.on') : t('word.off'),
            ],
          ]}
        />
      </section>
      <section>
        <h2>{t('authentication.secrets')}</h2>
        <Evidence>
          <EvidenceLine icon="locked">{t('authentication.secretsHeld')}</EvidenceLine>
          <EvidenceLine icon="no">{t('authentication.secretsNever')}</EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('authentication.fallback')}</h2>
        <p>{t('authentication.fallbackText')}</p>
      </section>
    </>
  );
}
