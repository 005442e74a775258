import { StationError } from '../../shared/errors/station-error.ts';
import type { HttpResponse } from './http.ts';
import { parseRetryAfter } from './retry-after.ts';

const longestExcerpt = 200;
const longestRead = 8192;

/**
 * A few words of an error's body for a person: markup is dropped, never interpreted, and what is
 * not readable text is not shown.
 */
export function excerptOf(body: Buffer): string {
  const text = body
    .subarray(0, longestRead)
    .toString('utf8')
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    // It becomes part of a sentence.
    .replace(/\.+$/, '');
  if (text === '') return 'no explanation';
  if (text.includes('\uFFFD')) return 'no readable explanation';
  return text.length > longestExcerpt ? `${text.slice(0, longestExcerpt - 1)}…` : text;
}

export interface StatusContext {
  readonly operation: string;
  readonly label: string | null;
  /** The label has answered before on this server, so a 400 is about something else. */
  readonly labelKnown: boolean;
  readonly now: Date;
}

/**
 * The error a status other than success stands for (401 is for whoever answers challenges).
 * One server family answers 400 for an unknown label and 404 for an unknown operation.
 */
export function statusFailure(response: HttpResponse, context: StatusContext): StationError {
  const { status } = response;
  const { operation, label, labelKnown, now } = context;
  const excerpt = excerptOf(response.body);
  if (status >= 300 && status < 400) {
    const location = response.headers.location ?? 'no address';
    return new StationError('SERVER-14', { operation, location: location.slice(0, 300) });
  }
  if (status === 400 && label !== null && !labelKnown) {
    return new StationError('SERVER-01', { label, excerpt });
  }
  if (status === 403) return new StationError('SERVER-05', { excerpt });
  if (status === 404) return new StationError('SERVER-02', { operation });
  if (status === 429 || status === 503) {
    const seconds = parseRetryAfter(response.headers['retry-after'], now);
    if (seconds !== null) return new StationError('SERVER-08', { status, seconds });
  }
  if (status >= 500) return new StationError('SERVER-07', { status, excerpt });
  if (status >= 400) return new StationError('SERVER-06', { status, excerpt });
  const detail =
    status === 201
      ? 'its status is 201, which server.acceptCreated in the profile allows'
      : `its status ${status} means nothing here`;
  return new StationError('SERVER-09', { operation, detail });
}
