import { create } from 'zustand';
import type { Language } from '../../shared/errors/station-error.ts';
import { recall, remember } from './remembered.ts';

export const languages = ['en', 'de'] as const satisfies readonly Language[];
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

interface Settings {
  readonly language: Language;
  readonly theme: Theme;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

/** Language and appearance of this window; remembered on this computer, and nothing else is. */
export const useSettings = create<Settings>((set) => ({
  language: oneOf(languages, recall('language')) ?? systemLanguage(),
  theme: oneOf(themes, recall('theme')) ?? 'system',
  setLanguage(language) {
    remember('language', language);
    set({ language });
  },
  setTheme(theme) {
    remember('theme', theme);
    applyTheme(theme);
    set({ theme });
  },
}));

/** Puts the theme where the style sheet reads it; `system` leaves the choice to the desktop. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

function oneOf<Value extends string>(
  values: readonly Value[],
  candidate: string | null,
): Value | null {
  return values.find((value) => value === candidate) ?? null;
}
