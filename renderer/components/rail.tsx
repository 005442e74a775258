import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openCount, useOpenEnrollments } from '../stores/open-enrollments.ts';
import { type Screen, screens, useScreen } from '../stores/screen.ts';
import { languages, themes, useSettings } from '../stores/settings.ts';
import { useWizard } from '../stores/wizard.ts';
import { testIds } from '../test-ids.ts';
import { Icon, type IconName } from './icon.tsx';
import { Segments } from './segments.tsx';

const icons: Readonly<Record<Screen, IconName>> = {
  provision: 'provision',
  trust: 'trust',
  enrollments: 'story',
  tokens: 'tokens',
};

/** The screens there are, this window's language and appearance, and who works here. */
export function Rail() {
  const { t } = useTranslation();
  useScreenShortcuts();
  return (
    <aside className="rail" aria-label={t('frame.rail')}>
      <nav aria-label={t('frame.screens')}>
        {screens.map((screen, place) => (
          <ScreenLink key={screen} screen={screen} digit={place + 1} />
        ))}
      </nav>
      <WindowSettings />
      <footer>
        <Operator />
        <Clock />
      </footer>
    </aside>
  );
}

function ScreenLink({ screen, digit }: { readonly screen: Screen; readonly digit: number }) {
  const { t } = useTranslation();
  const { screen: present, open } = useScreen();
  const count = useOpenEnrollments(openCount);
  return (
    <button
      type="button"
      aria-current={screen === present ? 'page' : undefined}
      data-testid={testIds.screen[screen]}
      onClick={() => open(screen)}
    >
      <Icon name={icons[screen]} />
      <span>{t(`frame.${screen}`)}</span>
      {screen === 'enrollments' && count > 0 && (
        <span className="count">
          <span aria-hidden="true">{count}</span>
          <span className="sr">{t('frame.open', { count })}</span>
        </span>
      )}
      <span className="n" title={t('frame.shortcut', { keys: `Alt+${digit}` })}>
        {digit}
      </span>
    </button>
  );
}

/** Alt and a digit open the screen of that number; the present one gets the focus back. */
function useScreenShortcuts() {
  const { open } = useScreen();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const screen = screens.find((_, place) => event.code === `Digit${place + 1}`);
      if (!event.altKey || screen === undefined) return;
      event.preventDefault();
      if (screen === useScreen.getState().screen) {
        document.querySelector<HTMLElement>('#screen h1')?.focus();
      } else open(screen);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [open]);
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
