import { StationError } from '../../shared/errors/station-error.ts';
import type { Notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { readCertificate } from '../pki/certificate.ts';
import { crlSigner, crlToPem, readCrl } from '../pki/crl.ts';
import type { KnownRevocationList } from '../store/store.ts';
import { judgeCaCertificates } from './ca-certificates.ts';
import { exchangeOptions } from './exchange-options.ts';
import type { StationPorts } from './ports.ts';
import type { Anchors } from './trust.ts';

/** One CRL as a person reads it; times are ISO 8601, UTC. */
interface CrlSummary {
  readonly issuer: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  /** Decimal. */
  readonly number: string | null;
  readonly delta: boolean;
  /** How many serial numbers it lists. */
  readonly revoked: number;
  /** SHA-256 of the CA certificate whose key signed it, or null when no CA under the anchors did. */
  readonly signedBy: string | null;
  /** In force now. */
  readonly current: boolean;
  readonly pem: string;
}

/** What a server's /crls brought. */
export interface RevocationListing {
  readonly server: string;
  readonly crls: readonly CrlSummary[];
  readonly warnings: readonly Notice[];
}

/**
 * The CRLs of a profile's server (RFC 8295), over a verified connection, each with the CA that signed it. Those that
 * can be verified are kept until they are out of date.
 * @throws StationError TRUST-01 without an anchor, SERVER-02 when the server has none to offer.
 */
export async function fetchRevocationLists(
  ports: StationPorts,
  anchors: Anchors | null,
  profile: Profile,
  signal?: AbortSignal,
): Promise<RevocationListing> {
  const server = serverKey(profile);
  if (anchors === null) throw new StationError('TRUST-01', { server });
  // A CRL is believed by its signature, whoever hands it over; and one may lift what an earlier one put on hold.
  const { revocation: _, ...unchecked } = anchors;
  const exchange = await ports.est.openExchange(exchangeOptions(profile, unchecked, signal));
  try {
    const { crls, warnings } = await exchange.crls();
    const bag = await exchange.cacerts();
    const now = ports.clock.now();
    const { kept } = judgeCaCertificates(bag.certificates, anchors.anchors, now);
    const summaries = crls.map((der) => summarise(der, kept, now));
    await ports.store.revocationLists.keep(server, verified(crls, kept), now.toISOString());
    return { server, crls: summaries, warnings };
  } finally {
    exchange.close();
  }
}

/** Those a CA under the anchors signed and that say until when they count. */
function verified(
  crls: readonly Buffer[],
  authorities: readonly Buffer[],
): readonly KnownRevocationList[] {
  return crls.flatMap((der) => {
    const { series, thisUpdate, nextUpdate } = readCrl(der);
    const signer = crlSigner(der, authorities);
    if (signer === null || nextUpdate === null) return [];
    return [
      {
        // CAs of one name are told apart by their keys.
        series: `${series} ${readCertificate(signer).fingerprint}`,
        der,
        thisUpdate: thisUpdate.toISOString(),
        nextUpdate: nextUpdate.toISOString(),
      },
    ];
  });
}

function summarise(der: Buffer, authorities: readonly Buffer[], now: Date): CrlSummary {
  const { issuer, thisUpdate, nextUpdate, number, delta, revoked } = readCrl(der);
  const signer = crlSigner(der, authorities);
  return {
    issuer,
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate?.toISOString() ?? null,
    number,
    delta,
    revoked,
    signedBy: signer === null ? null : readCertificate(signer).fingerprint,
    current: thisUpdate <= now && (nextUpdate === null || now <= nextUpdate),
    pem: crlToPem(der),
  };
}
