import { type Certificate, readCertificate } from './certificate.ts';
import { sameName } from './name-comparison.ts';
import { validatePath } from './path.ts';
import { keyIdentifier, sameKey } from './public-key.ts';

/** What a bag of CA certificates is judged by. Certificates are DER. */
export interface RolloverQuestion {
  readonly bag: readonly Buffer[];
  /** Explicit anchors: only these vouch. */
  readonly anchors: readonly Buffer[];
  readonly at: Date;
}

/** A self-signed CA certificate of the bag that is no anchor yet. */
export type NewRoot =
  | {
      readonly proven: true;
      readonly root: Buffer;
      /** The anchor that vouches for it, or another new root that one vouches for. */
      readonly predecessor: Buffer;
      /** NewWithOld: what the predecessor signed. */
      readonly link: Buffer;
    }
  | {
      readonly proven: false;
      readonly root: Buffer;
      readonly detail: string;
    };

/**
 * Finds the new roots of a bag, and which of them an anchor has vouched for (RFC 7030 §4.1.3, RFC 4210 §4.4).
 * The proof is NewWithOld: a CA certificate with name and key of the new root, issued by an old root of the same
 * name, valid now. A certificate the old root issued to a CA of another name proves nothing: that is a
 * subordinate, not a successor. Roots that share a name are told apart by their keys.
 * What cannot be read is passed over.
 */
export function findNewRoots({ bag, anchors, at }: RolloverQuestion): NewRoot[] {
  const certificates = readable(bag);
  const trusted = readable(anchors);
  const open = certificates.filter(
    (one) => one.selfSigned && one.isCa && !trusted.some((anchor) => anchor.der.equals(one.der)),
  );
  const found: NewRoot[] = [];
  for (let progress = true; progress; ) {
    progress = false;
    for (const root of [...open]) {
      const proof = proofOf(root, certificates, trusted, at);
      if (proof === null) continue;
      found.push({ proven: true, root: root.der, ...proof });
      trusted.push(root);
      open.splice(open.indexOf(root), 1);
      progress = true;
    }
  }
  for (const root of open) {
    const detail = objection(root, certificates, trusted, at);
    found.push({ proven: false, root: root.der, detail });
  }
  return found;
}

function proofOf(
  root: Certificate,
  bag: readonly Certificate[],
  anchors: readonly Certificate[],
  at: Date,
): { predecessor: Buffer; link: Buffer } | null {
  if (!usable(root, at)) return null;
  for (const link of linksTo(root, bag)) {
    const predecessor = anchors.find((anchor) => issued(anchor, link, at).valid);
    if (predecessor) return { predecessor: predecessor.der, link: link.der };
  }
  return null;
}

/** The candidates for NewWithOld: name and key of the root, made by another key, and fit to issue. */
function linksTo(root: Certificate, bag: readonly Certificate[]): Certificate[] {
  return bag.filter(
    (one) =>
      one.selfIssued &&
      !one.selfSigned &&
      one.isCa &&
      (one.keyUsage?.includes('keyCertSign') ?? true) &&
      sameName(one.subjectDer, root.subjectDer) &&
      sameKey(one.spki, root.spki),
  );
}

function issued(anchor: Certificate, link: Certificate, at: Date) {
  return validatePath({
    certificate: link.der,
    intermediates: [],
    anchors: [anchor.der],
    at,
    purpose: 'any',
  });
}

/** A root must itself be in force, of an accepted strength and allowed to issue. */
function usable(root: Certificate, at: Date): boolean {
  const itself = validatePath({
    certificate: root.der,
    intermediates: [],
    anchors: [root.der],
    at,
    purpose: 'any',
  });
  return itself.valid && (root.keyUsage?.includes('keyCertSign') ?? true);
}

/** Why a root is not proven, in words that follow its name. */
function objection(
  root: Certificate,
  bag: readonly Certificate[],
  anchors: readonly Certificate[],
  at: Date,
): string {
  if (!usable(root, at)) return 'the root itself is not valid now or not fit to be one';
  const [link] = linksTo(root, bag);
  const [anchor] = anchors;
  const missing = 'no trusted root vouches for it (NewWithOld is missing)';
  if (!link || !anchor) return missing;
  const namesake = anchors.find((one) => sameName(one.subjectDer, link.issuerDer)) ?? anchor;
  const verdict = issued(namesake, link, at);
  return verdict.valid ? missing : `what should vouch for it is refused: ${verdict.detail}`;
}

function readable(ders: readonly Buffer[]): Certificate[] {
  const distinct = new Map(ders.map((der) => [der.toString('base64'), der]));
  return [...distinct.values()].flatMap((der) => {
    try {
      const certificate = readCertificate(der);
      keyIdentifier(certificate.spki);
      return [certificate];
    } catch {
      return [];
    }
  });
}
