import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../../shared/token.ts';
import { Facts, fact } from '../../../components/facts.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import { TokenHelp } from './token-help.tsx';
import { spacedSerial } from './token-list.tsx';

/** The token a PIN has opened already. */
export function OpenedToken({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const { set, back, advance } = useWizard();
  return (
    <StepPage
      step="token"
      title={t('token.opened', { token: token.label })}
      mark="done"
      lead={t('token.openedLead')}
      next={t('steps.identity')}
      tokenNote={t('token.open')}
      panel={<TokenHelp />}
      back={{ text: t('action.back'), onPress: back }}
      side={
        <button type="button" className="btn plain" onClick={() => set({ token: null })}>
          {t('token.another')}
        </button>
      }
      primary={{ text: t('action.continue') }}
      onSubmit={advance}
    >
      <section>
        <Facts
          facts={[
            [t('token.label'), token.label],
            fact(t('token.serialName'), <span className="mono">{spacedSerial(token.serial)}</span>),
            [t('token.model'), `${token.manufacturer} ${token.model}`],
            fact(t('token.module'), <span className="mono">{token.module}</span>),
            [t('pin.name'), t(`pin.state.${token.pinState}`)],
          ]}
        />
      </section>
    </StepPage>
  );
}
