import type { CertificateSummary } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate, summariseCertificate } from '../pki/certificate.ts';
import { certificatesFromPem } from '../pki/pem.ts';

/** A file with more holds something else than a certificate and its issuers. */
const longestList = 64;

/**
 * The certificates of a file a person chose: a PEM text (RFC 7468 §5), or one certificate in DER.
 * @returns DER, in their order, at most 64.
 * @throws StationError CERT-06 {detail} when it holds none, or one is damaged.
 */
export function certificatesOfFile(content: Uint8Array): Buffer[] {
  const bytes = Buffer.from(content);
  if (bytes[0] === 0x30) return [readCertificate(bytes).der];
  try {
    return certificatesFromPem(bytes.toString('latin1')).slice(0, longestList);
  } catch (error) {
    const { detail = 'it holds no certificate' } = StationError.from(error).params;
    throw new StationError('CERT-06', { detail }, { cause: error });
  }
}

/** The same, as a person reads them. @throws as `certificatesOfFile` */
export function summariesOfFile(content: Uint8Array): CertificateSummary[] {
  return certificatesOfFile(content).map(summariseCertificate);
}
