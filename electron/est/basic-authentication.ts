import { StationError } from '../../shared/errors/station-error.ts';

/**
 * The Authorization value of HTTP Basic (RFC 7617 §2), in UTF-8. An empty user name is allowed
 * (RFC 7030 §3.2.3). The bytes put together here are zeroed; the header's string cannot be and
 * lives until it is collected.
 * @param password UTF-8 bytes, read only.
 * @throws StationError PROFILE-02 when the user name has a colon or a control character.
 */
export function basicAuthorization(username: string, password: Uint8Array): string {
  if (/[:\p{Cc}]/u.test(username)) {
    throw new StationError('PROFILE-02', {
      problems: 'httpAuthentication.username must not contain a colon or a control character',
    });
  }
  const user = Buffer.from(`${username}:`, 'utf8');
  const pair = Buffer.concat([user, password]);
  const value = `Basic ${pair.toString('base64')}`;
  pair.fill(0);
  return value;
}
