import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFrame } from '../stores/frame.ts';
import { useScreen } from '../stores/screen.ts';
import { useSettings } from '../stores/settings.ts';
import { useWizard } from '../stores/wizard.ts';
import { testIds } from '../test-ids.ts';
import { Icon } from './icon.tsx';
import { Rail } from './rail.tsx';
import { Stepper } from './stepper.tsx';
import { Strip } from './strip.tsx';
import { useReachable } from './use-reachable.ts';

/** The frame that never moves: lamp, strip, rail, content, action bar, panel. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  useReachable(useFrame((frame) => frame.panel));
  const screen = useScreen((state) => state.screen);
  const language = useSettings((settings) => settings.language);
  useEffect(() => {
    void i18n.changeLanguage(language);
    document.documentElement.lang = language;
  }, [i18n, language]);
  return (
    <div className="app">
      <Lamp />
      <Strip />
      <Rail />
      <main className="main" id="screen">
        {screen === 'provision' && <Stepper />}
        {children}
        <div className="actions" ref={(actions) => useFrame.setState({ actions })} />
      </main>
      <aside
        className="panel"
        aria-label={t('frame.panel')}
        ref={(panel) => useFrame.setState({ panel })}
      />
    </div>
  );
}

/** The corner of the window is the state of the station. */
function Lamp() {
  const { t } = useTranslation();
  const lamp = useFrame((frame) => frame.lamp);
  const station = useWizard((wizard) => wizard.station);
  const practice = station?.practice ? `${t('frame.practice')} · ` : '';
  return (
    <div className="lamp" data-state={lamp} role="status" data-testid={testIds.lamp}>
      <Icon name={lamp} />
      <div>
        <strong>{t(`state.${lamp}`)}</strong>
        <span>{practice + (station?.station ?? '')}</span>
      </div>
    </div>
  );
}
