import { isSignedBy } from './certificate-signature.ts';
import { type CrlFields, crlFields } from './crl-fields.ts';
import { MalformedDer } from './der.ts';
import {
  allReasons,
  type DistributionPoint,
  directoryKey,
  distributionPoints,
  fullNames,
} from './distribution-points.ts';
import { basicConstraints, keyUsage } from './extensions.ts';
import type { CandidatePath } from './path-building.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathRefusal } from './path-refusal.ts';

/** What revocation is judged by. */
export interface RevocationInput {
  /** DER; what cannot be read or understood is as if it were absent. */
  readonly crls: readonly Uint8Array[];
  readonly at: Date;
  /** Refuse a certificate about which no CRL says anything. */
  readonly required: boolean;
  /** Certificates that may have signed CRLs, besides those of the path. */
  readonly signers: readonly PathCertificate[];
  /** Whether a signer outside the path is valid under the same anchor (RFC 5280 §6.3.3 (f)). */
  readonly vouch: (signer: PathCertificate, anchor: PathCertificate) => boolean;
}

const removeFromCrl = 8;
/** Each signer outside the path costs a path of its own. */
const mostVouchings = 32;
type Status = 'good' | 'revoked' | 'unknown';

/** Revocation by CRLs that were handed over: complete, delta and indirect ones (RFC 5280 §6.3). */
export class Revocation {
  readonly #input: RevocationInput;
  readonly #complete: readonly CrlFields[];
  readonly #deltas: readonly CrlFields[];
  readonly #vouching = new Set<string>();
  #vouchings = 0;

  constructor(input: RevocationInput) {
    this.#input = input;
    const current = readableCrls(input.crls).filter(
      ({ understood, thisUpdate, nextUpdate }) =>
        understood && thisUpdate <= input.at && nextUpdate !== null && input.at <= nextUpdate,
    );
    this.#complete = current.filter(({ base }) => base === null);
    this.#deltas = current.filter(({ base }) => base !== null);
  }

  /** Looks up every certificate of a path but the anchor. @throws PathRefusal, MalformedDer. */
  check(path: CandidatePath): void {
    if (this.#complete.length === 0 && !this.#input.required) return;
    for (const [index, certificate] of path.slice(0, -1).entries()) {
      const status = this.#statusOf(certificate, path.slice(index + 1));
      if (status === 'revoked') {
        throw new PathRefusal('revoked', `${certificate.title} has been revoked`);
      }
      if (status === 'unknown' && this.#input.required) {
        const detail = `no valid list tells whether ${certificate.title} has been revoked`;
        throw new PathRefusal('revocation-unknown', detail);
      }
    }
  }

  #statusOf(certificate: PathCertificate, issuers: CandidatePath): Status {
    const covered = new Set<number>();
    const byIssuer: DistributionPoint = {
      point: { kind: 'full', names: [directoryKey(certificate.issuerName)] },
      reasons: null,
      crlIssuers: null,
    };
    for (const point of [...distributionPoints(certificate.extensions), byIssuer]) {
      for (const crl of this.#complete) {
        const reasons = reasonsOf(point, crl);
        if (covers(covered, reasons) || !inScope(certificate, point, crl)) continue;
        const signer = this.#signerOf(crl, certificate, issuers);
        if (signer === null) continue;
        if (this.#isListed(certificate, crl, signer)) return 'revoked';
        for (const reason of reasons) covered.add(reason);
      }
    }
    return covers(covered, allReasons) ? 'good' : 'unknown';
  }

  /** The delta first: what it removes is not revoked although the complete CRL says so (§6.3.3 (i) to (k)). */
  #isListed(certificate: PathCertificate, crl: CrlFields, signer: PathCertificate): boolean {
    const delta = this.#deltas.find((one) => buildsOn(one, crl) && isSignedBy(one, signer.spki));
    const news = delta ? reasonListed(certificate, delta) : null;
    if (news !== null) return news !== removeFromCrl;
    return reasonListed(certificate, crl) !== null;
  }

  /** §6.3.3 (f), (g): the path's own issuers are proven already, others must be valid under its anchor. */
  #signerOf(
    crl: CrlFields,
    certificate: PathCertificate,
    issuers: CandidatePath,
  ): PathCertificate | null {
    const signs = (one: PathCertificate): boolean =>
      one.subjectName === crl.issuerName && maySignCrls(one) && isSignedBy(crl, one.spki);
    const proven = issuers.find(signs);
    if (proven) return proven;
    // The issuer of an indirect CRL may be looked up in that very CRL, where its own issuer points there.
    if (this.#vouching.has(keyOf(certificate)) && signs(certificate)) return certificate;
    const anchor = issuers.at(-1);
    if (!anchor) return null;
    return this.#input.signers.find((one) => signs(one) && this.#vouchFor(one, anchor)) ?? null;
  }

  #vouchFor(signer: PathCertificate, anchor: PathCertificate): boolean {
    const key = keyOf(signer);
    // Signers that stand only by what they sign for each other prove nothing.
    if (this.#vouching.has(key) || this.#vouchings >= mostVouchings) return false;
    this.#vouchings += 1;
    this.#vouching.add(key);
    try {
      return this.#input.vouch(signer, anchor);
    } finally {
      this.#vouching.delete(key);
    }
  }
}

function keyOf({ der }: PathCertificate): string {
  return der.toString('base64');
}

function readableCrls(ders: readonly Uint8Array[]): CrlFields[] {
  return ders.flatMap((der) => {
    try {
      return [crlFields(der)];
    } catch (error) {
      if (error instanceof MalformedDer) return [];
      throw error;
    }
  });
}

function covers(covered: ReadonlySet<number>, reasons: ReadonlySet<number>): boolean {
  return [...reasons].every((reason) => covered.has(reason));
}

/** RFC 5280 §6.3.3 (d). */
function reasonsOf(point: DistributionPoint, { scope }: CrlFields): ReadonlySet<number> {
  const ofPoint = point.reasons ?? allReasons;
  const ofCrl = scope?.reasons ?? allReasons;
  return new Set([...allReasons].filter((reason) => ofPoint.has(reason) && ofCrl.has(reason)));
}

/** RFC 5280 §6.3.3 (b): whether this CRL speaks of this certificate. */
function inScope(
  certificate: PathCertificate,
  point: DistributionPoint,
  { issuerName, scope }: CrlFields,
): boolean {
  const fromIssuer =
    point.crlIssuers === null
      ? issuerName === certificate.issuerName
      : point.crlIssuers.includes(issuerName) && scope?.indirect === true;
  if (!fromIssuer) return false;
  if (scope === null) return true;
  const isCa = basicConstraints(certificate.extensions)?.cA ?? false;
  if (scope.onlyAttributeCertificates) return false;
  if (isCa ? scope.onlyUserCertificates : scope.onlyCaCertificates) return false;
  if (scope.point === null) return true;
  const ofCrl = fullNames(scope.point, issuerName);
  const ofCertificate =
    point.point === null
      ? (point.crlIssuers ?? []).map(directoryKey)
      : fullNames(point.point, point.crlIssuers?.[0] ?? certificate.issuerName);
  return ofCrl.some((name) => ofCertificate.includes(name));
}

/** RFC 5280 §6.3.3 (c). */
function buildsOn(delta: CrlFields, crl: CrlFields): boolean {
  if (delta.base === null || delta.number === null || crl.number === null) return false;
  return (
    delta.issuerName === crl.issuerName &&
    delta.kinship === crl.kinship &&
    delta.base <= crl.number &&
    crl.number < delta.number
  );
}

function reasonListed(certificate: PathCertificate, { revoked }: CrlFields): number | null {
  const entries = revoked.get(certificate.serialNumber.toString('hex')) ?? [];
  const own = entries.find(({ issuers }) => issuers.includes(certificate.issuerName));
  return own?.reason ?? null;
}

function maySignCrls({ extensions }: PathCertificate): boolean {
  return keyUsage(extensions)?.includes('cRLSign') ?? true;
}
