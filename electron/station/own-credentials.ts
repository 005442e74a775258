import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection, Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { Keystore, KeystoreEntry } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import { sameKey } from '../pki/public-key.ts';
import type { Store } from '../store/store.ts';
import { settingsOf } from './enrollment-settings.ts';
import { isToken, namesToken } from './unlocked-tokens.ts';

/** A key on a token that the station signs in to a server with, for devices that are other tokens. */
export interface OwnCredential {
  /** Name of the profile that says so. */
  readonly profile: string;
  readonly selection: Pkcs11Selection;
  readonly alias: string;
}

/** Enrollments looked through for profiles that are kept as files. */
const recent = 100;

/**
 * The station's own credentials on tokens, as far as it knows: from the saved profiles and, where they are kept as
 * files, from the settings of the latest enrollment with each.
 * @param given a profile at hand, which counts more than what is known of it.
 */
export async function ownCredentials(
  store: Store,
  given: Profile | null = null,
): Promise<readonly OwnCredential[]> {
  const profiles = new Map<string, Profile>();
  const enrollments = (await store.enrollments.list({ limit: recent })).toSorted((one, other) =>
    other.startedAt.localeCompare(one.startedAt),
  );
  for (const record of enrollments) {
    const key = JSON.stringify([record.server, record.profile]);
    if (profiles.has(key)) continue;
    const settings = await settingsOf(store, record);
    if (settings !== null) profiles.set(key, settings);
  }
  for (const profile of [...(await store.profiles.list()), ...(given === null ? [] : [given])]) {
    profiles.set(JSON.stringify([serverKey(profile), profile.name]), profile);
  }
  return [...profiles.values()].flatMap(ownCredential);
}

/** A device that signs in with a key of its own is what it enrolls: no card of the station's. */
function ownCredential(profile: Profile): OwnCredential[] {
  const { keystore, name } = profile;
  const { enabled, keystore: own, alias } = profile.tlsClientAuthentication;
  if (!enabled || own?.kind !== 'pkcs11') return [];
  const itself = keystore.kind === 'pkcs11' && sameWords(own, keystore);
  return itself ? [] : [{ profile: name, selection: own, alias }];
}

/** @throws StationError TOKEN-17 for a token with a credential of the station's. */
export function refuseInitialising(own: readonly OwnCredential[], token: TokenInfo): void {
  const holder = own.find(({ selection }) => means(selection, token));
  if (holder === undefined) return;
  const { profile } = holder;
  throw new StationError('TOKEN-17', { token: `${token.label} (${token.serial})`, profile });
}

/**
 * A card with the station's own TLS key in the reader is no target, whatever its label, unless it is named in the same
 * way.
 * @throws StationError TOKEN-15
 */
export function refuseTarget(
  own: readonly Pkcs11Selection[],
  selection: Pkcs11Selection,
  token: TokenInfo,
): void {
  const fits = own.filter((one) => means(one, token));
  if (fits.length === 0 || fits.some((one) => sameWords(one, selection))) return;
  throw new StationError('TOKEN-15', { token: `${token.label} (${token.serial})` });
}

/**
 * Keeps key and certificate that the station signs in with from being renamed or deleted.
 * @throws StationError OBJECT-05
 */
export function refuseCredential(
  own: readonly OwnCredential[],
  keystore: Keystore,
  entries: readonly KeystoreEntry[],
  alias: string,
): void {
  if (!isToken(keystore)) return;
  const { token } = keystore;
  const { key = null, certificate } = under(entries, alias) ?? {};
  const holder = own.find((one) => {
    if (!means(one.selection, token)) return false;
    const its = under(entries, one.alias)?.certificate ?? null;
    if (one.alias === alias || its === null) return one.alias === alias;
    return (
      certificate?.equals(its) === true ||
      (key !== null && sameKey(key.spki, readCertificate(its).spki))
    );
  });
  if (holder === undefined) return;
  const { profile } = holder;
  throw new StationError('OBJECT-05', { alias, keystore: keystore.name, profile });
}

function under(entries: readonly KeystoreEntry[], alias: string): KeystoreEntry | undefined {
  return entries.find((entry) => entry.alias === alias);
}

/** A serial names a token through every module; a label alone does so through its own. */
function means(selection: Pkcs11Selection, token: TokenInfo): boolean {
  const byAny = selection.token.serial !== undefined && token.serialUnique;
  return namesToken(byAny ? { ...selection, module: token.module } : selection, token);
}

function sameWords({ token: one }: Pkcs11Selection, { token: other }: Pkcs11Selection): boolean {
  return one.serial === other.serial && one.label === other.label;
}
