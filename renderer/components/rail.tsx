import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languages, themes, useSettings } from '../stores/settings.ts';
import { useWizard } from '../stores/wizard.ts';
import { testIds } from '../test-ids.ts';
import { Icon } from './icon.tsx';
import { Segments } from './segments.tsx';

/** The screens there are, this window's language and appearance, and who works here. */
export function Rail() {
  const { t } = useTranslation();
  useScreenShortcut();
  return (
    <aside className="rail" aria-label={t('frame.rail')}>
      <nav aria-label={t('frame.screens')}>
        <a href="#screen" aria-current="page">
          <Icon name="provision" />
          <span>{t('frame.provision')}</span>
          <span className="n" title={t('frame.shortcut', { keys: 'Alt+1' })}>
            1
          </span>
        </a>
      </nav>
      <WindowSettings />
      <footer>
        <Operator />
        <Clock />
      </footer>
    </aside>
  );
}

/** Alt and a digit open the screen of that number. */
function useScreenShortcut() {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.code !== 'Digit1') return;
      event.preventDefault();
      document.querySelector<HTMLElement>('#screen h1')?.focus();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function WindowSettings() {
  const { t } = useTranslation();
  const { language, theme, setLanguage, setTheme } = useSettings();
  return (
    <div className="rail-settings">
      <Segments
        name="theme"
        label={t('settings.theme')}
        testId={testIds.theme}
        options={themes.map((value) => ({ value, text: t(`settings.themes.${value}`) }))}
        value={theme}
        onChange={setTheme}
      />
      <Segments
        name="language"
        label={t('settings.language')}
        testId={testIds.language}
        options={languages.map((value) => ({ value, text: t(`settings.languages.${value}`) }))}
        value={language}
        onChange={setLanguage}
      />
    </div>
  );
}

function Operator() {
  const { t } = useTranslation();
  const station = useWizard((wizard) => wizard.station);
  return (
    <div>
      <strong>{station?.operator}</strong>
      {t('frame.version', { version: station?.version ?? '' })}
    </div>
  );
}

/** Local time, and UTC as the records have it. */
function Clock() {
  const language = useSettings((settings) => settings.language);
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 5000);
    return () => clearInterval(timer);
  }, []);
  const time = (timeZone?: string) =>
    now.toLocaleTimeString(language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(timeZone ? { timeZone } : {}),
    });
  return (
    <div className="clock">
      <strong>{time()}</strong>
      {time('UTC')} UTC
    </div>
  );
}
