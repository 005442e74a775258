import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import { commonName } from '../../components/distinguished-name.ts';
import { groupsOf } from '../../components/fingerprint.tsx';
import { State } from '../../components/state.tsx';
import type { LampState } from '../../stores/frame.ts';
import { testIds } from '../../test-ids.ts';
import type { TrustReport } from './trust.tsx';

type Standing = TrustReport['offered'][number]['standing'];

const lamps: Readonly<Record<Standing, LampState>> = {
  trusted: 'done',
  below: 'done',
  'vouched-for': 'attention',
  unproven: 'attention',
  other: 'ready',
};

/** What the server offers now; a new root can be compared and trusted. */
export function Offered({
  offered,
  onCompare,
}: {
  readonly offered: TrustReport['offered'];
  onCompare(root: CertificateSummary): void;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <div className="bar">
        <h2>{t('roots.offered')}</h2>
        <p>{t('roots.offeredNow')}</p>
      </div>
      <ul className="rows still">
        {offered.map(({ certificate, standing }) => (
          <li key={certificate.fingerprint}>
            <span className="what">
              <b title={certificate.subject}>{commonName(certificate.subject)}</b>
              <span className="mono">
                {groupsOf(certificate.fingerprint).slice(0, 4).join(' ')} …
              </span>
            </span>
            <span className="how">
              <State state={lamps[standing]}>{t(`roots.offer.${standing}`)}</State>
            </span>
            {(standing === 'unproven' || standing === 'vouched-for') && (
              <button
                type="button"
                className="btn small"
                onClick={() => onCompare(certificate)}
                data-testid={testIds.compareRoot}
              >
                {t('roots.compare')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
