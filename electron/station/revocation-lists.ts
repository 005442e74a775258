import { StationError } from '../../shared/errors/station-error.ts';
import type { Notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { readCertificate } from '../pki/certificate.ts';
import { crlSigner, crlToPem, readCrl } from '../pki/crl.ts';
import { judgeCaCertificates } from './ca-certificates.ts';
import { exchangeOptions } from './exchange-options.ts';
import type { StationPorts } from './ports.ts';
import type { Trust } from './trust.ts';

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
 * The CRLs of a profile's server (RFC 8295), over a verified connection, each with the CA that signed it.
 * @throws StationError TRUST-01 without an anchor, SERVER-02 when the server has none to offer.
 */
export async function fetchRevocationLists(
  ports: StationPorts,
  trust: Trust,
  profile: Profile,
  signal?: AbortSignal,
): Promise<RevocationListing> {
  const server = serverKey(profile);
  const anchors = await trust.anchorsFor(profile, null);
  if (anchors === null) throw new StationError('TRUST-01', { server });
  const exchange = await ports.est.openExchange(exchangeOptions(profile, anchors, signal));
  try {
    const { crls, warnings } = await exchange.crls();
    const bag = await exchange.cacerts();
    const now = ports.clock.now();
    const { kept } = judgeCaCertificates(bag.certificates, anchors.anchors, now);
    return { server, crls: crls.map((der) => summarise(der, kept, now)), warnings };
  } finally {
    exchange.close();
  }
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
