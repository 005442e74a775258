import type { CommandInput } from '../../shared/contract/commands.ts';
import type { Profile } from '../../shared/profile.ts';
import { otherTlsToken } from './draft.ts';

export type HeldPurpose = CommandInput<'credentials.hold'>['purpose'];

/** A PIN goes straight to its token: the one being enrolled, or another one with the TLS client key. */
export type NeededPin = 'token-pin' | 'tls-token-pin';

/** A PIN, or a secret the station holds until it has served. */
export type NeededSecret = NeededPin | HeldPurpose;

/**
 * What an enrollment with this profile needs a person for.
 * @param asksServer false for work on the keystore alone.
 */
export function neededSecrets(profile: Profile, asksServer: boolean): readonly NeededSecret[] {
  const { keystore, httpAuthentication, tlsClientAuthentication } = profile;
  const own: NeededSecret = keystore.kind === 'pkcs11' ? 'token-pin' : 'keystore-passphrase';
  if (!asksServer) return [own];
  const tls = tlsClientAuthentication.enabled ? tlsClientAuthentication.keystore : null;
  return [
    own,
    ...(httpAuthentication.scheme === 'none' ? [] : (['http-password'] as const)),
    ...(otherTlsToken(profile) === null ? [] : (['tls-token-pin'] as const)),
    ...(tls?.kind === 'software' ? (['tls-key-passphrase'] as const) : []),
    ...(needsProxyPassword(profile) ? (['proxy-password'] as const) : []),
  ];
}

/** The profile goes through a proxy that wants to know who asks. */
export function needsProxyPassword({ server: { proxy } }: Pick<Profile, 'server'>): boolean {
  return proxy !== null && proxy.username !== null;
}
