import '../shared/contract/jitless.ts';
import './theme/tokens.css';
import './theme/ground.css';
import './theme/shell.css';
import './theme/rail.css';
import './theme/controls.css';
import './theme/inputs.css';
import './theme/stepper.css';
import './theme/state.css';
import './theme/token.css';
import './theme/fingerprint.css';
import './theme/choices.css';
import './theme/pin.css';
import './theme/progress.css';
import './theme/table.css';
import './theme/messages.css';
import './theme/certificate.css';
import './theme/story.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startI18n } from './i18n/i18n.ts';
import { applyTheme, useSettings } from './stores/settings.ts';

const { language, theme } = useSettings.getState();
startI18n(language);
applyTheme(theme);

const root = document.getElementById('station');
if (root) createRoot(root).render(<App />);
