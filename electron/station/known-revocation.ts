import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { StationPorts } from './ports.ts';
import { fetchRevocationLists } from './revocation-lists.ts';
import type { Anchors } from './trust.ts';

/** What `trust.revocation` asks for and the CRLs in force that the station holds for the profile's server. */
export async function knownRevocation(
  { store, clock }: StationPorts,
  profile: Profile,
): Promise<Pick<Anchors, 'revocation'>> {
  const { revocation } = profile.trust;
  if (revocation === 'off') return {};
  const lists = await store.revocationLists.inForce(serverKey(profile), clock.now().toISOString());
  const crls = lists.map(({ der }) => der);
  return { revocation: { crls, required: revocation === 'required' } };
}

/**
 * Opens something below the anchors; where the profile requires more than the station knows of revocation, the
 * server's CRLs are fetched first and it is opened anew.
 * @param open connects with the anchors given.
 * @throws StationError as `open` does: TRUST-13 revoked, TRUST-14 not known even then.
 */
export async function openUnrevoked<Opened>(
  ports: StationPorts,
  profile: Profile,
  anchors: Anchors,
  open: (anchors: Anchors) => Promise<Opened>,
  signal?: AbortSignal,
): Promise<Opened> {
  try {
    return await open(anchors);
  } catch (error) {
    if (!(error instanceof StationError) || error.code !== 'TRUST-14') throw error;
    if (!(await couldFetch(ports, profile, anchors, signal))) throw error;
    return await open({ ...anchors, ...(await knownRevocation(ports, profile)) });
  }
}

async function couldFetch(
  ports: StationPorts,
  profile: Profile,
  anchors: Anchors,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { crls } = await fetchRevocationLists(ports, anchors, profile, signal);
    return crls.length > 0;
  } catch (error) {
    // The first refusal says more than that the server has no lists to offer.
    if (error instanceof StationError && error.code !== 'CANCEL-01') return false;
    throw error;
  }
}
