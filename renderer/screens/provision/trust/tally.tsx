import { useTranslation } from 'react-i18next';
import { Icon } from '../../../components/icon.tsx';
import { testIds } from '../../../test-ids.ts';
import type { Comparison } from './told-fingerprint.ts';

/** How many of the sixteen groups agree. */
export function Tally({
  comparison: { same, differing },
  pasteRefused,
}: {
  readonly comparison: Comparison;
  readonly pasteRefused: boolean;
}) {
  const { t } = useTranslation();
  const marks = Array.from({ length: 16 }, (_, place) => ({
    place,
    mark: differing.includes(place) ? 'off' : place < same + differing.length ? 'on' : '',
  }));
  return (
    <div className="tally" id="trust-tally" role="status" data-testid={testIds.tally}>
      <span className="marks" aria-hidden="true">
        {marks.map(({ place, mark }) => (
          <i key={place} className={mark} />
        ))}
      </span>
      <span>
        <b>{t('trust.tally', { same })}</b>{' '}
        {differing.length === 0 ? (
          <span className="quiet">{t('trust.noneDiffer')}</span>
        ) : (
          <b className="wrong">{t('trust.someDiffer', { count: differing.length })}</b>
        )}
      </span>
      {pasteRefused && (
        <span className="state push" data-state="attention">
          <Icon name="attention" />
          {t('trust.pasteRefused')}
        </span>
      )}
    </div>
  );
}
