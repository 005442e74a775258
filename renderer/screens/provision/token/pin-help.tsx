import { useTranslation } from 'react-i18next';
import type { PinState } from '../../../../shared/token.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Icon } from '../../../components/icon.tsx';
import { pinLamp } from '../../../components/tries.tsx';
import { useFormat } from '../../../i18n/format.ts';

/** What became of a PIN on this page. */
export interface PinEvent {
  readonly at: Date;
  readonly what: 'refused' | PinState;
}

export function PinHelp({ events }: { readonly events: readonly PinEvent[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {events.length > 0 && (
        <section>
          <h2>{t('pin.happened')}</h2>
          <ol className="story">
            {events.map(({ at, what }) => {
              const state = what === 'refused' ? 'failed' : pinLamp[what];
              return (
                <li key={`${at.getTime()}-${what}`} data-state={state}>
                  <time dateTime={at.toISOString()}>{format.time(at)}</time>
                  <Icon name={state} />
                  <p>
                    {what === 'refused'
                      ? t('pin.refused')
                      : t('pin.reports', { state: t(`pin.state.${what}`) })}
                  </p>
                </li>
              );
            })}
          </ol>
        </section>
      )}
      <section>
        <h2>{t('pin.willNot')}</h2>
        <p>{t('pin.willNotText')}</p>
      </section>
      <section>
        <h2>{t('pin.notSure')}</h2>
        <Evidence>
          <EvidenceLine icon="phone">{t('pin.notSureAsk')}</EvidenceLine>
          <EvidenceLine icon="tokens">{t('pin.notSureAside')}</EvidenceLine>
        </Evidence>
      </section>
    </>
  );
}
