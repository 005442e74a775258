import { StationError } from '../../shared/errors/station-error.ts';
import type { TlsClientKey } from '../../shared/pop.ts';
import type { Profile } from '../../shared/profile.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { StationPorts } from './ports.ts';

/** Where the profile's TLS client key lives. */
export function tlsClientKey({ tlsClientAuthentication }: Profile): TlsClientKey {
  const { enabled, keystore } = tlsClientAuthentication;
  if (!enabled || keystore === null) return 'none';
  return keystore.kind;
}

/**
 * Opens the TLS client credential of the profile from its software keystore.
 * @returns null when the profile has none.
 * @throws StationError POP-07 for a key on a token, SECRET-01 without a passphrase, PIN-07, TLS-05
 */
export async function openTlsCredential(
  ports: StationPorts,
  profile: Profile,
  secrets: HeldSecrets,
): Promise<ExchangeOptions['credential']> {
  const { enabled, keystore, alias } = profile.tlsClientAuthentication;
  if (!enabled || keystore === null) return null;
  if (keystore.kind === 'pkcs11') throw new StationError('POP-07');
  const passphrase = await secrets.borrow('tls-key-passphrase', keystore.path);
  const opened = await ports.openSoftwareKeystore({
    path: keystore.path,
    passphrase,
    create: false,
  });
  try {
    return {
      kind: 'software',
      key: opened.privateKey(alias),
      chain: opened.certificateChain(alias),
    };
  } finally {
    await opened.close();
  }
}
