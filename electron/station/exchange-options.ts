import { StationError } from '../../shared/errors/station-error.ts';
import { type Profile, parseEndpoint } from '../../shared/profile.ts';
import type { ExchangeOptions, HttpAuthentication } from '../est/exchange.ts';

type ServerTrust = ExchangeOptions['trust'];
type ClientCredential = NonNullable<ExchangeOptions['credential']>;

/** What goes beyond a plain, unauthenticated conversation. */
export interface ExchangeExtras {
  readonly authentication?: HttpAuthentication;
  readonly credential?: ClientCredential | null;
  readonly minTls?: 'TLSv1.2' | 'TLSv1.3';
  readonly maxTls?: 'TLSv1.2' | 'TLSv1.3';
  /** A person agrees that the request follows a redirect to another origin. */
  readonly followRedirect?: boolean;
}

/** The profile's words for an exchange: endpoint, label and limits, with trust and extras as given. */
export function exchangeOptions(
  profile: Profile,
  trust: ServerTrust,
  signal: AbortSignal | undefined,
  extras: ExchangeExtras = {},
): Omit<ExchangeOptions, 'connector'> {
  const endpoint = parseEndpoint(profile.server.endpoint);
  if (endpoint === null) {
    throw new StationError('PROFILE-02', { problems: 'server.endpoint must be host:port' });
  }
  return {
    ...endpoint,
    label: profile.server.label,
    trust,
    credential: extras.credential ?? null,
    proxy: proxyOf(profile),
    otherOrigins: otherOrigins(profile, extras.followRedirect ?? false),
    acceptCreated: profile.server.acceptCreated,
    authentication: extras.authentication ?? { scheme: 'none' },
    minTls: extras.minTls ?? 'TLSv1.2',
    maxTls: extras.maxTls ?? 'TLSv1.3',
    limits: profile.limits,
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The profile's proxy; its password is added where it is asked for. */
function proxyOf({ server: { proxy } }: Profile): ExchangeOptions['proxy'] {
  const endpoint = proxy === null ? null : parseEndpoint(proxy.endpoint);
  if (proxy === null || endpoint === null) return null;
  return { ...endpoint, username: proxy.username, password: null };
}

/** RFC 7030 §3.2.1: a request follows to another origin only by a person's word. */
function otherOrigins(
  { server }: Profile,
  followRedirect: boolean,
): NonNullable<ExchangeOptions['otherOrigins']> {
  if (server.redirects === 'same-origin') return 'never';
  return followRedirect ? 'requests' : 'questions';
}
