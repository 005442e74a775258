import { useTranslation } from 'react-i18next';
import { useSettings } from '../stores/settings.ts';

/** English dates with the day first, as the whole world reads them. */
const locales = { en: 'en-GB', de: 'de-DE' } as const;

/** Dates, times and durations as the window's language writes them. */
export function useFormat() {
  const language = locales[useSettings((settings) => settings.language)];
  const { t } = useTranslation();
  const number = (value: number, digits: number) =>
    value.toLocaleString(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  return {
    /** A day in local time, the month as a word. */
    day: (iso: string) =>
      new Date(iso).toLocaleDateString(language, {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
      }),
    /** Day and time in local time, to the minute. */
    moment: (iso: string) =>
      new Date(iso).toLocaleString(language, {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    /** Time of day, to the second. */
    time: (date: Date) => date.toLocaleTimeString(language, { hourCycle: 'h23' }),
    /** Milliseconds as seconds with one decimal, without the unit. */
    tenths: (ms: number) => number(ms / 1000, 1),
    /** Milliseconds as seconds with their unit. */
    seconds: (ms: number) => t('format.seconds', { value: number(ms / 1000, 1) }),
    integer: (value: number) => number(value, 0),
  };
}
