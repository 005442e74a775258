import { basicConstraints, extendedKeyUsage, extensionOids, keyUsage } from './extensions.ts';
import { constrainingNames, NameConstraints } from './name-constraints.ts';
import type { CandidatePath } from './path-building.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathRefusal } from './path-refusal.ts';
import { type PolicyDemands, PolicyState } from './policy-state.ts';
import { keyStrength } from './public-key.ts';

/** What a path is wanted for; `server` is one of `serverAuth` and `cmcRA`, the same for the whole path. */
export type PathPurpose = 'server' | 'serverAuth' | 'cmcRA' | 'any';

/** What a path is checked against. */
export interface PathDemands {
  readonly at: Date;
  readonly purpose: PathPurpose;
  readonly policies: PolicyDemands;
}

/** Extensions this folder acts on, or (alternative names of the issuer) that ask nothing of it. */
const understood: ReadonlySet<string> = new Set([
  extensionOids.subjectAltName,
  extensionOids.basicConstraints,
  extensionOids.keyUsage,
  extensionOids.extendedKeyUsage,
  extensionOids.nameConstraints,
  extensionOids.certificatePolicies,
  extensionOids.policyMappings,
  extensionOids.policyConstraints,
  extensionOids.inhibitAnyPolicy,
  extensionOids.subjectKeyIdentifier,
  extensionOids.authorityKeyIdentifier,
  extensionOids.crlDistributionPoints,
  extensionOids.freshestCRL,
]);

export const purposes = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  cmcRA: '1.3.6.1.5.5.7.3.28',
} as const;

/**
 * RFC 5280 §6.1 over a chain whose names and signatures hold already. The anchor counts by name and key,
 * but must itself be in force and, where it says so, be allowed to issue; its path length, names and purposes bind
 * the path (RFC 5937 §3), its policies do not.
 * Revocation is not looked at here.
 * @throws PathRefusal, MalformedDer.
 */
export function checkPath(path: CandidatePath, demands: PathDemands): void {
  const [target] = path;
  const anchor = path.at(-1);
  if (!target || !anchor) throw new PathRefusal('no-path', 'there is no certificate');
  for (const certificate of path) {
    checkValidity(certificate, demands.at);
    checkKey(certificate);
  }
  const below = path.length === 1 ? [target] : [...path.slice(0, -1)].reverse();
  const state = {
    names: new NameConstraints(),
    policies: new PolicyState(demands.policies, below.length),
    issuersLeft: Number.POSITIVE_INFINITY,
  };
  if (path.length > 1) {
    checkMayIssue(anchor, anchor.version === 3);
    state.issuersLeft = basicConstraints(anchor.extensions)?.pathLength ?? state.issuersLeft;
    state.names.add(anchor);
  }
  for (const [index, certificate] of below.entries()) {
    const last = index === below.length - 1;
    if (last || !certificate.selfIssued) state.names.check(constrainingNames(certificate));
    state.policies.enter(certificate, last);
    checkCritical(certificate);
    if (last) break;
    state.policies.prepare(certificate);
    state.names.add(certificate);
    checkMayIssue(certificate, true);
    if (!certificate.selfIssued) {
      if (state.issuersLeft <= 0) {
        throw new PathRefusal('path-length', `${certificate.title} is one issuer too many`);
      }
      state.issuersLeft -= 1;
    }
    const own = basicConstraints(certificate.extensions)?.pathLength ?? null;
    if (own !== null) state.issuersLeft = Math.min(state.issuersLeft, own);
  }
  state.policies.conclude(target);
  checkPurpose(path, demands.purpose);
}

function checkValidity({ notBefore, notAfter, title }: PathCertificate, at: Date): void {
  if (at < notBefore) {
    throw new PathRefusal('not-yet-valid', `${title} is valid from ${notBefore.toISOString()}`);
  }
  if (at > notAfter) {
    throw new PathRefusal('expired', `${title} was valid until ${notAfter.toISOString()}`);
  }
}

const fewestBits = { RSA: 2048, EC: 256, EdDSA: 256, other: Number.POSITIVE_INFINITY } as const;

function checkKey({ spki, title }: PathCertificate): void {
  const { algorithm, bits } = keyStrength(spki);
  if (bits < fewestBits[algorithm]) {
    throw new PathRefusal('algorithm', `the key of ${title} is of a kind or size not accepted`);
  }
}

/** RFC 5280 §6.1.4 (k), (n). */
function checkMayIssue({ extensions, title }: PathCertificate, needsConstraints: boolean): void {
  const constraints = basicConstraints(extensions);
  if (constraints ? !constraints.cA : needsConstraints) {
    throw new PathRefusal('basic-constraints', `${title} is not the certificate of a CA`);
  }
  const usage = keyUsage(extensions);
  if (usage !== null && !usage.includes('keyCertSign')) {
    throw new PathRefusal('key-usage', `the key of ${title} must not sign certificates`);
  }
}

function checkCritical({ extensions, title }: PathCertificate): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !understood.has(oid)) {
      throw new PathRefusal(
        'unknown-critical-extension',
        `${title} depends on the extension ${oid}, which the station does not know`,
      );
    }
  }
}

const wanted: Readonly<Record<Exclude<PathPurpose, 'any'>, readonly string[]>> = {
  server: [purposes.serverAuth, purposes.cmcRA],
  serverAuth: [purposes.serverAuth],
  cmcRA: [purposes.cmcRA],
};

/**
 * A purpose narrows all that is below it, an anchor's too, as TLS software commonly reads it; absence narrows nothing.
 * A key with usages must have the one that every handshake of ours asks for (RFC 8446 §4.4.2.2, RFC 8422 §5.3).
 */
function checkPurpose(path: CandidatePath, purpose: PathPurpose): void {
  const [target] = path;
  if (purpose === 'any' || !target) return;
  let open = wanted[purpose];
  for (const certificate of path.toReversed()) {
    const named = extendedKeyUsage(certificate.extensions);
    const all = certificate !== target && named?.includes(purposes.any) === true;
    if (named !== null && !all) open = open.filter((oid) => named.includes(oid));
    if (open.length === 0) {
      throw new PathRefusal('purpose', `${certificate.title} is not meant for servers`);
    }
  }
  const usage = keyUsage(target.extensions);
  if (usage !== null && !usage.includes('digitalSignature')) {
    throw new PathRefusal(
      'key-usage',
      `the key of ${target.title} must not sign, so it serves no TLS`,
    );
  }
}
