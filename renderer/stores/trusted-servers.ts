import type { CommandOutput } from '../../shared/contract/commands.ts';
import { type Profile, parseEndpoint } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import { type Draft, emptyDraft, serverProfile } from './draft.ts';
import type { LampState } from './frame.ts';

export type TrustedServer = CommandOutput<'trust.list'>[number];
export type Anchor = TrustedServer['anchors'][number];

/** Milliseconds before its end from which a root is said to end soon. */
const soonMs = 90 * 24 * 3_600_000;

/** How an anchor stands: in use, retained beside its successor, near its end, over. */
export type AnchorStanding = 'current' | 'old' | 'ending' | 'expired';

export function standingOf(
  { certificate }: Anchor,
  anchors: readonly Anchor[],
  now: number,
): AnchorStanding {
  const left = Date.parse(certificate.notAfter) - now;
  if (left < 0) return 'expired';
  if (anchors.some(({ successorOf }) => successorOf === certificate.fingerprint)) return 'old';
  return left < soonMs ? 'ending' : 'current';
}

export const standingLamp: Readonly<Record<AnchorStanding, LampState>> = {
  current: 'done',
  old: 'ready',
  ending: 'attention',
  expired: 'failed',
};

/** Anchors in use first, retained and expired ones after them. */
export function inOrder(anchors: readonly Anchor[], now: number): readonly Anchor[] {
  const order: readonly AnchorStanding[] = ['current', 'ending', 'old', 'expired'];
  const place = (anchor: Anchor) => order.indexOf(standingOf(anchor, anchors, now));
  return anchors.toSorted((a, b) => place(a) - place(b));
}

/**
 * How the station reaches a server of the list: by a saved profile, by what stands in the wizard, or by its name
 * alone.
 */
export function profileOf(server: string, profiles: readonly Profile[], draft: Draft): Profile {
  const known = [...profiles, draft].find((profile) => namesServer(profile, server));
  return serverProfile(known ?? named(server));
}

function namesServer(profile: Profile, server: string): boolean {
  return parseEndpoint(profile.server.endpoint) !== null && serverKey(profile) === server;
}

function named(server: string): Draft {
  const [endpoint = '', label = null] = server.split('/', 2);
  const draft = emptyDraft();
  return { ...draft, server: { ...draft.server, endpoint, label } };
}
