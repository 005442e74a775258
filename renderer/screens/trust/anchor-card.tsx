import { useTranslation } from 'react-i18next';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { commonName } from '../../components/distinguished-name.ts';
import { fact } from '../../components/facts.tsx';
import { useFormat } from '../../i18n/format.ts';
import { type Anchor, standingLamp, standingOf } from '../../stores/trusted-servers.ts';
import { testIds } from '../../test-ids.ts';

const sources = ['operator', 'profile-pem', 'profile-fingerprint', 'rollover', 'file'] as const;

/** A root as a person reads it, with its story: who confirmed it, when, by what, whom it succeeds. */
export function AnchorCard({
  anchor,
  anchors,
  onRemove,
}: {
  readonly anchor: Anchor;
  readonly anchors: readonly Anchor[];
  onRemove?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { certificate, kind, source, confirmedBy, confirmedAt, successorOf } = anchor;
  const standing = standingOf(anchor, anchors, Date.now());
  const known = sources.find((one) => one === source);
  const before = anchors.find((one) => one.certificate.fingerprint === successorOf);
  const person = source === 'rollover' ? t('roots.station') : confirmedBy;
  return (
    <CertificateCard
      certificate={certificate}
      state={standingLamp[standing]}
      word={t(`roots.standing.${standing}`)}
      moreFacts={[
        [t('trust.kind'), t(`trust.kinds.${kind}`)],
        [t('trust.confirmedBy'), t('roots.byAt', { person, moment: format.moment(confirmedAt) })],
        [t('trust.source'), known ? t(`roots.sources.${known}`) : source],
        ...(successorOf === null
          ? []
          : [
              fact(
                t('roots.succeeds'),
                before
                  ? commonName(before.certificate.subject)
                  : `SHA-256 ${successorOf.slice(0, 16)}…`,
              ),
            ]),
      ]}
      footer={
        onRemove && (
          <button
            type="button"
            className="btn small grave"
            onClick={onRemove}
            data-testid={testIds.removeRoot}
          >
            {t('roots.remove')}
            <span className="sr"> {commonName(certificate.subject)}</span>
          </button>
        )
      }
    />
  );
}
