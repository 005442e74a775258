import type { HttpResponse } from './http.ts';

/** Where a redirect leads: within the web origin (RFC 6454) of the request, or to another one. */
export interface Redirect {
  readonly sameOrigin: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** RFC 9110 §15.4.8, §15.4.9: 307 and 308 alone keep method and body. */
  readonly keepsMethod: boolean;
}

/**
 * Reads a redirect (RFC 7030 §3.2.1).
 * @param here `https://host:port`, the origin asked, and `path` the path asked there.
 * @returns null for another answer, and for a target that is not https or carries a user.
 */
export function readRedirect(
  { status, headers }: HttpResponse,
  here: string,
  path: string,
): Redirect | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, here + path)) return null;
  const there = new URL(location, here + path);
  const { protocol, username, password, hostname, port, pathname, search, origin } = there;
  if (protocol !== 'https:' || username !== '' || password !== '') return null;
  return {
    sameOrigin: origin === new URL(here).origin,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 443 : Number(port),
    path: `${pathname}${search}`,
    keepsMethod: status === 307 || status === 308,
  };
}
