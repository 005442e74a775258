import { randomUUID } from 'node:crypto';
import type { CommandOutput } from '../../shared/contract/commands.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { fingerprintGroups } from '../../shared/fingerprint.ts';
import { normaliseFingerprint, type Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { readCertificate, summariseCertificate } from '../pki/certificate.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import type { TrustAnchor } from '../store/store.ts';
import { exchangeOptions } from './exchange-options.ts';
import { knownRevocation } from './known-revocation.ts';
import { offeredRoot } from './offered-root.ts';
import type { StationPorts } from './ports.ts';
import { trustStateOf } from './trusted-servers.ts';

export type AnchorSource = 'profile-pem' | 'profile-fingerprint' | 'operator';

/** The anchors a connection may be verified with, and which database of RFC 7030 §3.6 they come from. */
export interface Anchors {
  readonly kind: 'anchors';
  readonly origin: 'explicit' | 'implicit';
  readonly anchors: readonly Buffer[];
  readonly hostnameVerification: boolean;
  /** What is known of revoked certificates; absent: the profile leaves revocation out. */
  readonly revocation?: ServerTrust['revocation'];
}

type ServerTrust = Extract<ExchangeOptions['trust'], { kind: 'anchors' }>;

/** A root waiting for a person's word. Offers end after this many milliseconds. */
const offerLifetimeMs = 30 * 60_000;

interface PendingOffer {
  readonly profile: Profile;
  readonly root: Buffer;
  readonly expiresAt: number;
}

/** Who is believed, why, and how a new root comes to be believed (RFC 7030 §3.6, §4.1.1). */
export class Trust {
  readonly #ports: StationPorts;
  readonly #offers = new Map<string, PendingOffer>();

  constructor(ports: StationPorts) {
    this.#ports = ports;
  }

  /**
   * The anchors for this profile's server: explicit ones first, else the profile's root, else the bootstrap
   * root kept in the keystore if the profile's fingerprint vouches for it.
   * Explicit anchors that contradict the profile's present root or fingerprint do not count: a change of the
   * CA root asks for a new bootstrap.
   * @returns null when the server must be bootstrapped first.
   */
  async anchorsFor(profile: Profile, keystore: Keystore | null): Promise<Anchors | null> {
    const { hostnameVerification } = profile.server;
    const known = { hostnameVerification, ...(await knownRevocation(this.#ports, profile)) };
    const explicit = await this.#explicitAnchors(profile);
    if (explicit.length > 0) {
      const anchors = explicit.map((anchor) => anchor.der);
      return { kind: 'anchors', origin: 'explicit', anchors, ...known };
    }
    const implicit = profileRoot(profile) ?? (await vouchedBootstrapRoot(profile, keystore));
    if (implicit === null) return null;
    return { kind: 'anchors', origin: 'implicit', anchors: [implicit], ...known };
  }

  /**
   * Whether this profile's server can be verified at all, before a PIN is asked for.
   * @throws StationError TRUST-01 when neither an anchor nor a root or fingerprint to bootstrap with is there.
   */
  async mayBeAsked(profile: Profile): Promise<void> {
    if (expectedFingerprint(profile) !== null) return;
    if ((await this.#explicitAnchors(profile)).length > 0) return;
    throw new StationError('TRUST-01', { server: serverKey(profile) });
  }

  /**
   * Makes the server's root an explicit anchor: by the profile's PEM root, or by a fingerprint.
   * @param told a fingerprint given for this call; it overrules the profile's.
   * @throws StationError TRUST-01 when neither is there, TRUST-04 when the fingerprint differs, and all a connection can throw.
   */
  async bootstrap(profile: Profile, told: string | null, signal?: AbortSignal): Promise<void> {
    const expected = told === null ? profile.trust.caRootFingerprint : normaliseFingerprint(told);
    const pemRoot = profileRoot(profile);
    if (pemRoot !== null) {
      if (expected !== null) await this.#refuseDifferent(profile, pemRoot, expected);
      await this.#adopt(profile, pemRoot, 'profile-pem', signal);
      return;
    }
    if (expected === null) throw new StationError('TRUST-01', { server: serverKey(profile) });
    const { root } = await this.#fetchRoot(profile, signal);
    await this.#refuseDifferent(profile, root, expected);
    const source = told === null ? 'profile-fingerprint' : 'operator';
    await this.#adopt(profile, root, source, signal);
  }

  /** Fetches the server's certificates over a provisional connection and offers its root for comparison. */
  async fetch(profile: Profile, signal?: AbortSignal): Promise<CommandOutput<'trust.fetch'>> {
    const { root, others } = await this.#fetchRoot(profile, signal);
    const offerId = randomUUID();
    this.#dropExpiredOffers();
    const expiresAt = this.#ports.clock.elapsed() + offerLifetimeMs;
    this.#offers.set(offerId, { profile, root, expiresAt });
    const summary = summariseCertificate(root);
    return {
      offerId,
      server: serverKey(profile),
      root: summary,
      groups: fingerprintGroups(summary.fingerprint),
      expected: profile.trust.caRootFingerprint,
      otherCertificates: others.map(summariseCertificate),
    };
  }

  /** A person has compared: the fingerprint they were told decides. @throws StationError TRUST-04, TRUST-09 */
  async confirm(offerId: string, told: string): Promise<CommandOutput<'trust.show'>> {
    const offer = this.#offer(offerId);
    await this.#refuseDifferent(offer.profile, offer.root, normaliseFingerprint(told));
    await this.#adopt(offer.profile, offer.root, 'operator');
    this.#offers.delete(offerId);
    return this.show(offer.profile);
  }

  async decline(offerId: string): Promise<void> {
    const offer = this.#offer(offerId);
    this.#offers.delete(offerId);
    await this.#record('trust.declined', offer.profile, offer.root, {});
  }

  async show(profile: Profile): Promise<CommandOutput<'trust.show'>> {
    return trustStateOf(serverKey(profile), await this.#explicitAnchors(profile));
  }

  async #explicitAnchors(profile: Profile): Promise<readonly TrustAnchor[]> {
    const stored = await this.#ports.store.trust.anchors(serverKey(profile));
    const explicit = stored.filter(({ kind }) => kind === 'explicit');
    const wanted = expectedFingerprint(profile);
    return wanted === null ? explicit : withSuccessors(explicit, wanted);
  }

  #offer(offerId: string): PendingOffer {
    this.#dropExpiredOffers();
    const offer = this.#offers.get(offerId);
    if (!offer) throw new StationError('TRUST-09');
    return offer;
  }

  #dropExpiredOffers(): void {
    const now = this.#ports.clock.elapsed();
    for (const [id, offer] of this.#offers) if (offer.expiresAt < now) this.#offers.delete(id);
  }

  /** RFC 7030 §4.1.1: /cacerts and nothing else, over a connection that is dropped afterwards. */
  async #fetchRoot(
    profile: Profile,
    signal?: AbortSignal,
  ): Promise<{ root: Buffer; others: Buffer[] }> {
    const { caCertificates, serverChain } = await this.#ports.est.fetchProvisionally(
      exchangeOptions(profile, { kind: 'provisional' }, signal),
    );
    const { endpoint } = profile.server;
    const bag = caCertificates.certificates;
    const root = offeredRoot(endpoint, serverChain, bag, this.#ports.clock.now());
    return { root, others: bag.filter((der) => !der.equals(root)) };
  }

  async #refuseDifferent(profile: Profile, root: Buffer, expected: string): Promise<void> {
    const sent = readCertificate(root).fingerprint;
    if (sent === expected) return;
    await this.#record('trust.refused', profile, root, { expected, sent });
    throw new StationError('TRUST-04', { expected, sent });
  }

  /** A new connection must prove itself with the root before the root is stored. */
  async #adopt(
    profile: Profile,
    root: Buffer,
    source: AnchorSource,
    signal?: AbortSignal,
  ): Promise<void> {
    const exchange = await this.#ports.est.openExchange(
      exchangeOptions(
        profile,
        {
          kind: 'anchors',
          origin: source === 'profile-pem' ? 'implicit' : 'explicit',
          anchors: [root],
          hostnameVerification: profile.server.hostnameVerification,
        },
        signal,
      ),
    );
    try {
      await exchange.cacerts();
    } finally {
      exchange.close();
    }
    const fingerprint = readCertificate(root).fingerprint;
    await this.#ports.store.trust.add(serverKey(profile), {
      der: root,
      fingerprint,
      kind: 'explicit',
      source,
      confirmedBy: this.#ports.operator,
      confirmedAt: this.#ports.clock.now().toISOString(),
      successorOf: null,
    });
    await this.#record('trust.confirmed', profile, root, { source });
  }

  async #record(
    what: string,
    profile: Profile,
    root: Buffer,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#ports.store.audit.append({
      at: this.#ports.clock.now().toISOString(),
      who: this.#ports.operator,
      what,
      token: null,
      certificate: readCertificate(root).fingerprint,
      details: { server: serverKey(profile), profile: profile.name, ...details },
    });
  }
}

/** The anchor of this fingerprint, and those that succeed it or its successors. */
function withSuccessors(anchors: readonly TrustAnchor[], fingerprint: string): TrustAnchor[] {
  const counted = new Set([fingerprint]);
  for (let size = 0; size < counted.size; ) {
    size = counted.size;
    for (const anchor of anchors) {
      if (anchor.successorOf !== null && counted.has(anchor.successorOf)) {
        counted.add(anchor.fingerprint);
      }
    }
  }
  return anchors.filter((anchor) => counted.has(anchor.fingerprint));
}

/** The root of the profile, DER, or null. @throws StationError PROFILE-06 */
function profileRoot(profile: Profile): Buffer | null {
  const pem = profile.trust.caRootCertificate;
  if (pem === null) return null;
  const [root] = certificatesFromPem(pem);
  if (!root) throw new StationError('PROFILE-06', { detail: 'it holds no certificate' });
  return root;
}

/** The fingerprint the profile itself asks for, by value or by certificate. */
function expectedFingerprint(profile: Profile): string | null {
  const root = profileRoot(profile);
  return root === null ? profile.trust.caRootFingerprint : readCertificate(root).fingerprint;
}

/**
 * The reference system loads the bootstrap root from the keystore after its first use. A token can be
 * written by others, so it counts only when the profile's own fingerprint names it.
 */
async function vouchedBootstrapRoot(
  profile: Profile,
  keystore: Keystore | null,
): Promise<Buffer | null> {
  const wanted = profile.trust.caRootFingerprint;
  if (wanted === null || keystore === null) return null;
  const entries = await keystore.entries();
  const kept = entries.find((entry) => entry.alias === aliases.bootstrapCa)?.certificate ?? null;
  return kept !== null && readCertificate(kept).fingerprint === wanted ? kept : null;
}
