import { useTranslation } from 'react-i18next';
import { CertificateCard } from '../../../components/certificate-card.tsx';
import { Facts } from '../../../components/facts.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { type TrustState, useWizard } from '../../../stores/wizard.ts';

const sources = ['operator', 'profile-pem', 'profile-fingerprint', 'rollover'] as const;

/** The server's root is trusted already: which one, who confirmed it, when. */
export function Trusted({ trust }: { readonly trust: TrustState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { back, advance } = useWizard();
  const [anchor, ...others] = trust.anchors;
  if (!anchor) return null;
  const sourceOf = ({ source }: { readonly source: string }): string => {
    const known = sources.find((one) => one === source);
    return known ? t(`trust.sources.${known}`) : source;
  };
  return (
    <StepPage
      step="trust"
      title={t('trust.trustedTitle')}
      mark="done"
      lead={t('trust.trustedLead')}
      next={t('trust.trustedNext')}
      panel={
        <section>
          <h2>{t('trust.how')}</h2>
          <Facts
            facts={[
              [t('trust.confirmedBy'), anchor.confirmedBy],
              [t('trust.confirmedAt'), format.moment(anchor.confirmedAt)],
              [t('trust.source'), sourceOf(anchor)],
              [t('trust.kind'), t(`trust.kinds.${anchor.kind}`)],
              [t('trust.server'), trust.server],
            ]}
          />
        </section>
      }
      back={{ text: t('action.back'), onPress: back }}
      why={t('trust.proves')}
      primary={{ text: t('action.continue') }}
      onSubmit={advance}
    >
      <section>
        <CertificateCard
          certificate={anchor.certificate}
          state="done"
          word={t('trust.trustedWord')}
        />
      </section>
      {others.length > 0 && (
        <section>
          <p className="quiet small">{t('trust.more', { count: others.length })}</p>
          <Facts
            facts={others.map((other) => [
              `SHA-256 ${other.certificate.fingerprint.slice(0, 8)}…`,
              `${sourceOf(other)}, ${format.moment(other.confirmedAt)}`,
            ])}
          />
        </section>
      )}
    </StepPage>
  );
}
