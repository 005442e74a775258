import { acceptsAlgorithm, isSignedBy } from './certificate-signature.ts';
import type { PathCertificate } from './path-certificate.ts';
import { PathRefusal } from './path-refusal.ts';

/** A candidate: the certificate first, its issuers after it, the trust anchor last. */
export type CandidatePath = readonly PathCertificate[];

const longestPath = 12;
/** Hostile bags can chain in countless ways; honest ones need a few steps, and a signature checked for each. */
const mostSteps = 2000;
const mostSignatures = 256;

/**
 * Finds the chains from a certificate to the anchors in which every signature verifies (RFC 4158 §2.4 forward,
 * depth first). Several certificates with one subject and different keys are all tried.
 */
export class PathBuilder {
  readonly #anchors: readonly PathCertificate[];
  readonly #intermediates: readonly PathCertificate[];
  readonly #signatures = new Map<string, boolean>();
  #steps = 0;
  #obstacle: PathRefusal | null = null;

  constructor(anchors: readonly PathCertificate[], intermediates: readonly PathCertificate[]) {
    this.#anchors = anchors;
    this.#intermediates = intermediates;
  }

  /** Why no chain, or no further chain, reached an anchor. */
  get obstacle(): PathRefusal {
    return this.#obstacle ?? new PathRefusal('no-path', 'no trusted root issued it');
  }

  /** The chains, those through the fewest certificates not necessarily first. */
  *paths(certificate: PathCertificate): Generator<CandidatePath> {
    if (this.#anchors.some((anchor) => anchor.der.equals(certificate.der))) yield [certificate];
    yield* this.#extend([certificate]);
  }

  *#extend(path: CandidatePath): Generator<CandidatePath> {
    const last = path.at(-1);
    if (!last || path.length >= longestPath) return;
    for (const anchor of this.#anchors) {
      if (this.#issued(anchor, last) && !contains(path, anchor)) yield [...path, anchor];
    }
    for (const issuer of this.#intermediates) {
      if (this.#issued(issuer, last) && !contains(path, issuer)) {
        yield* this.#extend([...path, issuer]);
      }
    }
  }

  #issued(issuer: PathCertificate, subject: PathCertificate): boolean {
    if (issuer.subjectName !== subject.issuerName) return false;
    this.#steps += 1;
    if (this.#steps > mostSteps || this.#signatures.size >= mostSignatures) {
      this.#obstacle = new PathRefusal('no-path', 'the certificates chain in too many ways');
      return false;
    }
    if (!acceptsAlgorithm(subject.signatureAlgorithm)) {
      this.#obstacle ??= new PathRefusal(
        'algorithm',
        `${subject.title} is signed with an algorithm that is not accepted`,
      );
      return false;
    }
    if (this.#verified(issuer, subject)) return true;
    this.#obstacle ??= new PathRefusal(
      'signature',
      `the signature of ${subject.title} was not made by ${issuer.title}`,
    );
    return false;
  }

  #verified(issuer: PathCertificate, subject: PathCertificate): boolean {
    const pair = `${issuer.spki.toString('base64')} ${subject.der.toString('base64')}`;
    const known = this.#signatures.get(pair);
    if (known !== undefined) return known;
    const verified = isSignedBy(subject, issuer.spki);
    this.#signatures.set(pair, verified);
    return verified;
  }
}

/** The same name with the same key twice is a loop (RFC 4158 §5.2). */
function contains(path: CandidatePath, certificate: PathCertificate): boolean {
  return path.some(
    (member) =>
      member.subjectName === certificate.subjectName && member.spki.equals(certificate.spki),
  );
}
