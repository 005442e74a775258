import { useTranslation } from 'react-i18next';
import type { PinState } from '../../shared/token.ts';
import type { LampState } from '../stores/frame.ts';
import { Icon } from './icon.tsx';

const scale = ['ok', 'low', 'final', 'locked'] as const;

/** How a PIN state looks: the lamp's six words are enough for it. */
export const pinLamp: Readonly<Record<PinState, LampState>> = {
  ok: 'done',
  low: 'attention',
  final: 'attention',
  locked: 'locked',
  'not-set': 'attention',
};

/** The tries state as the token reports it: a place on a scale, never a number. */
export function Tries({
  pinState,
  brief,
}: {
  readonly pinState: PinState;
  /** Without the remark on where the state comes from. */
  readonly brief: boolean;
}) {
  const { t } = useTranslation();
  const present = (scale as readonly PinState[]).indexOf(pinState);
  return (
    <>
      <ol className="tries" aria-label={t('pin.tries')}>
        {scale.map((state, place) => {
          const here = place === present;
          return (
            <li
              key={state}
              className={place < present ? 'past' : ''}
              aria-current={here ? 'true' : undefined}
              data-state={here ? pinLamp[state] : undefined}
            >
              {(here || state === 'locked') && <Icon name={here ? pinLamp[state] : 'locked'} />}
              {t(`pin.state.${state}`)}
            </li>
          );
        })}
      </ol>
      {!brief && <p className="hint-line quiet">{t('pin.asReported')}</p>}
    </>
  );
}
