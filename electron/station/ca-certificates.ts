import { type Notice, notice } from '../../shared/notices.ts';
import { readCertificate } from '../pki/certificate.ts';
import { validatePath } from '../pki/path.ts';

/** The CA certificates worth keeping, and words about the others. */
export interface CaCertificatesVerdict {
  /** DER; anchors first, then the CAs below them in the order sent. */
  readonly kept: readonly Buffer[];
  readonly warnings: readonly Notice[];
}

/**
 * Sorts the bag of /cacerts (RFC 7030 §4.1.3): kept is what leads to an anchor; a self-signed certificate
 * that nobody vouched for is never kept as if it were trusted.
 */
export function judgeCaCertificates(
  bag: readonly Buffer[],
  anchors: readonly Buffer[],
  at: Date,
): CaCertificatesVerdict {
  const kept: Buffer[] = [...anchors];
  const warnings: Notice[] = [];
  for (const der of bag) {
    if (anchors.some((anchor) => anchor.equals(der))) continue;
    const { subject, isCa, subjectDer, spki } = readCertificate(der);
    if (!isCa) {
      warnings.push(notice('CA-NOT-CA', { subject }));
      continue;
    }
    const verdict = validatePath({
      certificate: der,
      intermediates: bag,
      anchors,
      at,
      purpose: 'any',
    });
    if (verdict.valid) kept.push(der);
    else if (!isAnotherFormOf(anchors, subjectDer, spki)) {
      warnings.push(notice('CA-UNPROVEN', { subject }));
    }
  }
  return { kept, warnings };
}

/** OldWithNew and the like: an anchor's name and key in another certificate adds nothing to trust. */
function isAnotherFormOf(anchors: readonly Buffer[], subject: Buffer, spki: Buffer): boolean {
  return anchors
    .map(readCertificate)
    .some((anchor) => anchor.subjectDer.equals(subject) && anchor.spki.equals(spki));
}
