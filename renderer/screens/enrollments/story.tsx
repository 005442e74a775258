import { useTranslation } from 'react-i18next';
import { Facts, fact } from '../../components/facts.tsx';
import { Parts } from '../../components/parts.tsx';
import { useFormat } from '../../i18n/format.ts';
import type { OpenEnrollment } from '../../stores/open-enrollments.ts';

/** Where an enrollment belongs, for the right panel. */
export function WhereItBelongs({ one: { record, profile } }: { readonly one: OpenEnrollment }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <h2>{t('enrollments.about')}</h2>
      <Facts
        facts={[
          [t('strip.server'), record.server],
          [t('enrollments.profile'), record.profile],
          ...(record.keystore ? [fact(t('enrollments.keystore'), record.keystore.token)] : []),
          ...(profile ? [fact(t('review.named'), <Parts text={profile.request.subject} />)] : []),
          [t('enrollments.begun'), format.moment(record.startedAt)],
          fact(t('enrollments.number'), <span className="mono">{record.enrollmentId}</span>),
        ]}
      />
    </section>
  );
}
