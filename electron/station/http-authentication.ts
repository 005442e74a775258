import type { Profile } from '../../shared/profile.ts';
import type { HttpAuthentication } from '../est/exchange.ts';
import type { HeldSecrets } from './held-secrets.ts';

/** What the profile proves itself with over HTTP; the password is borrowed. @throws StationError SECRET-01 */
export async function httpAuthenticationOf(
  { httpAuthentication }: Profile,
  secrets: HeldSecrets,
): Promise<HttpAuthentication> {
  const { scheme, username } = httpAuthentication;
  if (scheme === 'none') return { scheme };
  const password = await secrets.borrow('http-password', username);
  return { scheme, username, password };
}
