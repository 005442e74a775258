import { Trans, useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Fingerprint, groupsOf } from '../../../components/fingerprint.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import type { Comparison, Told } from './told-fingerprint.ts';
import type { TrustOffer } from './trust-step.tsx';

/** What to say on the phone, and what has been sent so far. */
export function CompareHelp({
  offer,
  told,
  comparison: { differing, here },
}: {
  readonly offer: TrustOffer;
  readonly told: Told;
  readonly comparison: Comparison;
}) {
  const { t } = useTranslation();
  const [wrong] = differing;
  const at = wrong ?? here;
  const place = at === null ? null : { row: Math.floor(at / 4) + 1, group: (at % 4) + 1 };
  if (offer.expected !== null) return <SentSoFar />;
  if (wrong !== undefined) {
    return (
      <>
        <section>
          <h2>{t('trust.phone.title')}</h2>
          <p>{place && t('trust.phone.again', place)}</p>
          <p>
            <Trans
              i18nKey="trust.phone.both"
              values={{ told: told[wrong], sent: offer.groups[wrong] }}
              components={{ m: <b className="mono secretive" /> }}
            />
          </p>
        </section>
        <section>
          <h2>{t('trust.phone.stillTitle')}</h2>
          <p>{t('trust.phone.still')}</p>
        </section>
      </>
    );
  }
  return (
    <>
      <OutOfBand />
      <section>
        <h2>{t('trust.phone.title')}</h2>
        <p>{t('trust.phone.call')}</p>
        {place && <p>{t('trust.phone.place', place)}</p>}
        <p>{t('trust.phone.noCopy')}</p>
      </section>
      <SentSoFar />
    </>
  );
}

/** In practice mode, the sheet a trainee compares with. */
function OutOfBand() {
  const { t } = useTranslation();
  const practice = useWizard((wizard) => wizard.station?.practice);
  if (!practice) return null;
  return (
    <section className="secretive">
      <h2>{t('trust.sheet')}</h2>
      <p>{t('trust.sheetText')}</p>
      <Fingerprint groups={groupsOf(practice.caFingerprint)} small label={t('trust.sheet')} />
    </section>
  );
}

export function SentSoFar() {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('trust.sentTitle')}</h2>
      <Evidence>
        <EvidenceLine icon="done" state="done">
          <Trans i18nKey="trust.sentCacerts" components={{ m: <span className="mono" /> }} />
        </EvidenceLine>
        <EvidenceLine icon="done" state="done">
          {t('trust.sentNothing')}
        </EvidenceLine>
        <EvidenceLine icon="next">{t('trust.sentNext')}</EvidenceLine>
      </Evidence>
    </section>
  );
}
