import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/notice.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import { SentSoFar } from './trust-help.tsx';

/** A person said no. The only way on starts before the comparison. */
export function Declined({ onAgain }: { onAgain(): void }) {
  const { t } = useTranslation();
  const back = useWizard((wizard) => wizard.back);
  return (
    <StepPage
      step="trust"
      title={t('trust.declinedTitle')}
      mark="failed"
      lead={t('trust.declinedLead')}
      lamp="attention"
      next={t('trust.declinedNext')}
      code={{ code: 'TRUST-08', clause: null }}
      panel={<SentSoFar />}
      back={{ text: t('trust.otherServer'), onPress: back }}
      why={t('trust.againWhy')}
      primary={{ text: t('trust.again') }}
      onSubmit={onAgain}
    >
      <section>
        <Notice state="failed" title={t('trust.declinedNotice')}>
          <p>{t('trust.declinedText')}</p>
        </Notice>
      </section>
    </StepPage>
  );
}
