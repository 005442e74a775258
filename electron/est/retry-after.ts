/** Longest wait the station obeys: 7 days, in seconds. */
export const longestWaitSeconds = 7 * 24 * 60 * 60;

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const clock = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
/** The three forms of RFC 9110 §5.6.7: IMF-fixdate, RFC 850, asctime. */
const dateForms = [
  new RegExp(
    `^[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${clock} GMT$`,
  ),
  new RegExp(
    `^[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) ${clock} GMT$`,
  ),
  new RegExp(`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${clock} (?<year>\\d{4})$`),
];

/** RFC 9110 §5.6.7: a two-digit year that seems more than 50 years ahead means the past century. */
function fullYear(text: string, now: Date): number {
  const year = Number(text);
  if (text.length === 4) return year;
  const thisYear = now.getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}

/** Reads an HTTP date in any of its forms (RFC 9110 §5.6.7); null when it is none. */
export function parseHttpDate(text: string, now: Date): Date | null {
  for (const form of dateForms) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const month = months.indexOf(parts.month ?? '');
    const day = Number(parts.day);
    const year = fullYear(parts.year ?? '', now);
    const date = new Date(
      Date.UTC(year, month, day, Number(parts.hour), Number(parts.minute), Number(parts.second)),
    );
    return month >= 0 && date.getUTCDate() === day ? date : null;
  }
  return null;
}

/**
 * Reads Retry-After (RFC 9110 §10.2.3): seconds or an HTTP date.
 * @returns seconds from `now`, between 0 and 7 days; null when missing or unreadable.
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), longestWaitSeconds);
  const date = parseHttpDate(text, now);
  if (date === null) return null;
  const seconds = Math.ceil((date.getTime() - now.getTime()) / 1000);
  return Math.min(Math.max(seconds, 0), longestWaitSeconds);
}
