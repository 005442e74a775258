import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import { type Certificate, readCertificate } from '../pki/certificate.ts';
import { validatePath } from '../pki/path.ts';
import { sameKey } from '../pki/public-key.ts';

/** What the issued certificate is judged against. */
export interface IssuedQuestion {
  /** Every certificate of the server's answer, DER, in any order. */
  readonly answer: readonly Buffer[];
  /** CA certificates known from /cacerts, DER: material for the path, never trusted for themselves. */
  readonly caCertificates: readonly Buffer[];
  readonly anchors: readonly Buffer[];
  /** SubjectPublicKeyInfo of the key on the keystore, DER. */
  readonly spki: Buffer;
  /** Name of the request, DER. */
  readonly subject: Buffer;
  /** SubjectAltName extension value of the request, DER, or null. */
  readonly subjectAltNameDer: Buffer | null;
  readonly at: Date;
}

export interface IssuedVerdict {
  readonly certificate: Certificate;
  /** The certificate, then its issuers up to the anchor, DER. */
  readonly path: readonly Buffer[];
  readonly warnings: readonly Notice[];
}

/**
 * Picks the issued certificate by its public key, never by its position (RFC 7030 §4.2.3), and validates its
 * path to an anchor before anything is stored.
 * @throws StationError CERT-01 no certificate for the key, CERT-02 path, CERT-03 validity
 */
export function judgeIssued(question: IssuedQuestion): IssuedVerdict {
  const { answer, caCertificates, anchors, at } = question;
  const matching = answer.map(readCertificate).filter(({ spki }) => sameKey(spki, question.spki));
  const [certificate, ...surplus] = matching.toSorted(newestFirst);
  if (!certificate) throw new StationError('CERT-01');
  const verdict = validatePath({
    certificate: certificate.der,
    intermediates: [...answer, ...caCertificates],
    anchors,
    at,
    purpose: 'any',
  });
  if (!verdict.valid) {
    const outside = at < certificate.notBefore || at > certificate.notAfter;
    if (outside) throw new StationError('CERT-03', validity(certificate));
    throw new StationError('CERT-02', { detail: verdict.detail });
  }
  const warnings = differences(certificate, question);
  if (surplus.length > 0) {
    warnings.push(notice('ISSUED-SURPLUS', { count: matching.length }));
  }
  return { certificate, path: verdict.path, warnings };
}

function newestFirst(a: Certificate, b: Certificate): number {
  return b.notBefore.getTime() - a.notBefore.getTime();
}

function validity({ notBefore, notAfter }: Certificate): { notBefore: string; notAfter: string } {
  return { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
}

/** A server may issue other names than asked for (RFC 7030 §4.2.1): a person should see it. */
function differences(certificate: Certificate, question: IssuedQuestion): Notice[] {
  const warnings: Notice[] = [];
  if (!certificate.subjectDer.equals(question.subject)) {
    warnings.push(notice('ISSUED-SUBJECT', { subject: certificate.subject }));
  }
  const { subjectAltNameDer } = question;
  const same =
    subjectAltNameDer === null || certificate.subjectAltNameDer?.equals(subjectAltNameDer) === true;
  if (!same) {
    const names = certificate.subjectAltNames.join(', ') || 'none';
    warnings.push(notice('ISSUED-NAMES', { names }));
  }
  return warnings;
}
