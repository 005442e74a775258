import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { CertificateSummary } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Notice } from '../../shared/notices.ts';
import { normaliseFingerprint, type Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { readCertificate, summariseCertificate } from '../pki/certificate.ts';
import { exchangeOptions } from './exchange-options.ts';
import type { StationPorts } from './ports.ts';
import { type LearnedAuthorities, learnAuthorities } from './rollover.ts';
import { clockNotices } from './station-clock.ts';
import type { Anchors, Trust } from './trust.ts';

/**
 * What a certificate of /cacerts is worth: a trust anchor; below one; a new root an anchor vouches for while the
 * profile does not allow the change; a new root nobody vouches for; anything else.
 */
type Standing = 'trusted' | 'below' | 'vouched-for' | 'unproven' | 'other';

/** Who is trusted for a server, and what the server offers now. */
export interface TrustReport {
  readonly state: CommandOutput<'trust.show'>;
  readonly offered: readonly {
    readonly certificate: CertificateSummary;
    readonly standing: Standing;
  }[];
  readonly warnings: readonly Notice[];
}

/**
 * Asks the server for its CA certificates over a verified connection, follows a rollover if the profile allows
 * it, and tells how everything stands.
 * @throws StationError TRUST-01 without an explicit anchor, and all a connection can throw.
 */
export async function refreshTrust(
  ports: StationPorts,
  trust: Trust,
  profile: Profile,
  signal?: AbortSignal,
): Promise<TrustReport> {
  const { bag, learned, warnings } = await askAuthorities(ports, trust, profile, signal);
  return {
    state: await trust.show(profile),
    offered: bag.map((der) => ({
      certificate: summariseCertificate(der),
      standing: standingOf(der, learned),
    })),
    warnings: [...warnings, ...learned.warnings],
  };
}

/**
 * Trusts a new root the server offers because a person has compared its fingerprint (RFC 7030 §4.1.3), whether or
 * not an old root vouches for it. The connection itself must be verified with what is trusted already.
 * @param told SHA-256 of the root's DER, hex, with or without separators.
 * @throws StationError TRUST-01, TRUST-10 when the server offers no such root, and all a connection can throw.
 */
export async function confirmNewRoot(
  ports: StationPorts,
  trust: Trust,
  profile: Profile,
  told: string,
  signal?: AbortSignal,
): Promise<void> {
  const fingerprint = normaliseFingerprint(told);
  const { anchors, learned } = await askAuthorities(ports, trust, profile, signal);
  const server = serverKey(profile);
  const found = learned.newRoots.find(
    ({ root }) => readCertificate(root).fingerprint === fingerprint,
  );
  const [predecessor] = anchors.anchors;
  if (!found || !predecessor) throw new StationError('TRUST-10', { server, fingerprint });
  const successorOf = readCertificate(predecessor).fingerprint;
  const at = ports.clock.now().toISOString();
  await ports.store.trust.add(server, {
    der: found.root,
    fingerprint,
    kind: 'explicit',
    source: 'operator',
    confirmedBy: ports.operator,
    confirmedAt: at,
    successorOf,
  });
  await ports.store.audit.append({
    at,
    who: ports.operator,
    what: 'trust.confirmed',
    token: null,
    certificate: fingerprint,
    details: { server, profile: profile.name, source: 'operator', predecessor: successorOf },
  });
}

interface Asked {
  readonly anchors: Anchors;
  readonly bag: readonly Buffer[];
  readonly learned: LearnedAuthorities;
  readonly warnings: readonly Notice[];
}

async function askAuthorities(
  ports: StationPorts,
  trust: Trust,
  profile: Profile,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const anchors = await trust.anchorsFor(profile, null);
  if (anchors?.origin !== 'explicit') {
    throw new StationError('TRUST-01', { server: serverKey(profile) });
  }
  const exchange = await ports.est.openExchange(exchangeOptions(profile, anchors, signal));
  try {
    const { certificates, warnings } = await exchange.cacerts();
    const learned = await learnAuthorities(ports, profile, anchors, certificates);
    const clocks = clockNotices(ports.clock.now(), exchange.serverDate);
    return { anchors, bag: certificates, learned, warnings: [...warnings, ...clocks] };
  } finally {
    exchange.close();
  }
}

function standingOf(der: Buffer, { anchors, newRoots, kept }: LearnedAuthorities): Standing {
  if (anchors.anchors.some((anchor) => Buffer.compare(anchor, der) === 0)) return 'trusted';
  const newRoot = newRoots.find(({ root }) => root.equals(der));
  if (newRoot) return newRoot.proven ? 'vouched-for' : 'unproven';
  return kept.some((one) => one.equals(der)) ? 'below' : 'other';
}
