import { type Notice, notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { readCertificate } from '../pki/certificate.ts';
import { findNewRoots, type NewRoot } from '../pki/rollover.ts';
import { type CaCertificatesVerdict, judgeCaCertificates } from './ca-certificates.ts';
import type { StationPorts } from './ports.ts';
import type { Anchors } from './trust.ts';

/** What a bag of /cacerts means for who is believed. */
export interface LearnedAuthorities extends CaCertificatesVerdict {
  /** With the new roots an old one vouched for, where the profile allows it. */
  readonly anchors: Anchors;
  /** Self-signed CA certificates that were no anchors before. */
  readonly newRoots: readonly NewRoot[];
}

/**
 * Judges the bag of /cacerts from a verified connection. A new root that an explicit anchor vouches for
 * (NewWithOld, RFC 7030 §4.1.3) becomes an explicit anchor itself if the profile says so; the old one stays, and
 * counts until it expires. Any other new root is reported and never believed. Anchors that are merely
 * implicit vouch for nothing.
 */
export async function learnAuthorities(
  ports: StationPorts,
  profile: Profile,
  anchors: Anchors,
  bag: readonly Buffer[],
): Promise<LearnedAuthorities> {
  const at = ports.clock.now();
  const known = anchors.anchors;
  const newRoots = anchors.origin === 'explicit' ? findNewRoots({ bag, anchors: known, at }) : [];
  const adopted = profile.trust.caCertificateRollover
    ? newRoots.filter(({ proven }) => proven)
    : [];
  for (const root of adopted) await adopt(ports, profile, root);
  const grown = { ...anchors, anchors: [...known, ...adopted.map(({ root }) => root)] };
  const open = newRoots.filter((root) => !adopted.includes(root));
  const rest = bag.filter((der) => !open.some(({ root }) => root.equals(der)));
  const { kept, warnings } = judgeCaCertificates(rest, grown.anchors, at);
  return {
    anchors: grown,
    newRoots,
    kept,
    warnings: [
      ...adopted.map((root) => told('ROLLOVER-TRUSTED', root)),
      ...open.map((root) => told(root.proven ? 'ROLLOVER-OFF' : 'ROLLOVER-UNPROVEN', root)),
      ...warnings,
    ],
  };
}

function told(
  code: 'ROLLOVER-TRUSTED' | 'ROLLOVER-OFF' | 'ROLLOVER-UNPROVEN',
  newRoot: NewRoot,
): Notice {
  const { subject, fingerprint } = readCertificate(newRoot.root);
  const reason = newRoot.proven ? {} : { detail: newRoot.detail };
  return notice(code, { subject, fingerprint, ...reason });
}

async function adopt(ports: StationPorts, profile: Profile, newRoot: NewRoot): Promise<void> {
  if (!newRoot.proven) return;
  const { store, clock, operator } = ports;
  const { fingerprint } = readCertificate(newRoot.root);
  const predecessor = readCertificate(newRoot.predecessor).fingerprint;
  const at = clock.now().toISOString();
  await store.trust.add(serverKey(profile), {
    der: newRoot.root,
    fingerprint,
    kind: 'explicit',
    source: 'rollover',
    confirmedBy: `SHA-256 ${predecessor}`,
    confirmedAt: at,
    successorOf: predecessor,
  });
  await store.audit.append({
    at,
    who: operator,
    what: 'trust.rollover',
    token: null,
    certificate: fingerprint,
    details: {
      server: serverKey(profile),
      profile: profile.name,
      predecessor,
      newWithOld: readCertificate(newRoot.link).fingerprint,
    },
  });
}
