import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import { readCertificate } from '../pki/certificate.ts';

type Credential = ExchangeOptions['credential'];

/** The EST operation an order is carried out with, and what the client shows. */
export interface EnrollmentWay {
  readonly operation: 'simpleenroll' | 'simplereenroll';
  readonly credential: Credential;
  readonly notices: readonly Notice[];
}

/**
 * A renewal signs in with a client certificate (RFC 7030 §3.3.2). When that has expired, TLS servers refuse it: the
 * station then enrolls anew with HTTP authentication and says so, or refuses when the profile has none.
 * @throws StationError CERT-12 {notAfter}
 */
export function enrollmentWay(
  operation: EnrollmentRecord['operation'],
  { httpAuthentication }: Profile,
  credential: Credential,
  at: Date,
): EnrollmentWay {
  if (operation !== 'reenroll') return { operation: 'simpleenroll', credential, notices: [] };
  const [der] = credential?.chain ?? [];
  const expiry = der === undefined ? null : readCertificate(der).notAfter;
  if (expiry === null || at <= expiry) {
    return { operation: 'simplereenroll', credential, notices: [] };
  }
  const notAfter = expiry.toISOString();
  if (httpAuthentication.scheme === 'none') throw new StationError('CERT-12', { notAfter });
  const notices = [notice('RENEWAL-EXPIRED', { notAfter })];
  return { operation: 'simpleenroll', credential: null, notices };
}

/** Words CAs use when a public key has a certificate already. */
const keyKnown =
  /\b(?:public[ -]?)?key\b.{0,60}\b(?:already|unique|reuse|re-use|reused|in use|duplicate|exists)\b|\b(?:duplicate|same|existing|reused?)\b.{0,30}\bkey\b/i;

/**
 * What a refusal means for a renewal with the same key: some CAs certify a public key only once.
 * @returns the error to tell, and a hint where the server's words leave it open.
 */
export function sameKeyRefusal(refusal: StationError): {
  readonly error: StationError;
  readonly notices: readonly Notice[];
} {
  const { code, params } = refusal;
  const excerpt = String(params.excerpt ?? '');
  const answered = code === 'SERVER-05' || code === 'SERVER-06';
  if (answered && keyKnown.test(excerpt)) {
    return { error: new StationError('CERT-11', { excerpt }, { cause: refusal }), notices: [] };
  }
  const open = code === 'SERVER-06' && params.status === 400;
  return { error: refusal, notices: open ? [notice('KEY-PERHAPS-REFUSED')] : [] };
}
