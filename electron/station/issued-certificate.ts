import { StationError } from '../../shared/errors/station-error.ts';
import { type IssuedDifference, issuedDifferences } from '../../shared/issued-policy.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { type Certificate, readCertificate } from '../pki/certificate.ts';
import { certificateFeatures, requestFeatures } from '../pki/certified-features.ts';
import { validatePath } from '../pki/path.ts';
import { isOfTime } from '../pki/path-refusal.ts';
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
  readonly at: Date;
  /** CRLs the station holds, DER: a CA on the path may have been revoked. */
  readonly crls?: readonly Uint8Array[] | undefined;
  /** What the server says the time is; null when it does not tell. */
  readonly serverDate?: Date | null;
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
 * @throws StationError CERT-01 no certificate for the key, CERT-02 path, CERT-03 its validity,
 *   CERT-13 that of a CA on its path
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
    crls: question.crls ?? [],
  });
  if (!verdict.valid) {
    const outside = at < certificate.notBefore || at > certificate.notAfter;
    if (outside) throw new StationError('CERT-03', times(certificate, question));
    const { reason, detail } = verdict;
    if (isOfTime(reason)) throw new StationError('CERT-13', { detail, ...clocks(question) });
    throw new StationError('CERT-02', { detail });
  }
  const warnings = surplus.length > 0 ? [notice('ISSUED-SURPLUS', { count: matching.length })] : [];
  return { certificate, path: verdict.path, warnings };
}

function newestFirst(a: Certificate, b: Certificate): number {
  return b.notBefore.getTime() - a.notBefore.getTime();
}

/** The certificate's dates and what both clocks say. */
function times({ notBefore, notAfter }: Certificate, question: IssuedQuestion) {
  return {
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    ...clocks(question),
  };
}

function clocks({ at, serverDate }: IssuedQuestion) {
  return { now: at.toISOString(), server: serverDate?.toISOString() ?? '–' };
}

/**
 * How the certificate differs from the request that was sent, judged by the profile (RFC 7030 §4.2.1).
 * @param request the PKCS#10 as sent, DER
 */
export function differencesFrom(
  request: Uint8Array,
  certificate: Certificate,
  { issued }: Profile,
  at: Date,
): IssuedDifference[] {
  const { notBefore, notAfter } = certificate;
  const found = { ...certificateFeatures(certificate), notBefore, notAfter };
  return issuedDifferences(requestFeatures(request), found, issued, at);
}

/** The same in a person's words. */
export function differenceNotices(differences: readonly IssuedDifference[]): Notice[] {
  return differences.map(({ code, asked, issued }) => notice(code, { asked, issued }));
}

/** @throws StationError CERT-10 {differences} when the profile refuses one of them. */
export function demandAcceptable(differences: readonly IssuedDifference[]): void {
  const refused = differences.filter(({ judgement }) => judgement === 'refuse');
  if (refused.length === 0) return;
  const words = differenceNotices(refused).map(({ text }) =>
    text.replace(/^The certificate’s /, ''),
  );
  throw new StationError('CERT-10', { differences: words.join('; ') });
}
