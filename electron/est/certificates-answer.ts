import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import { readCertificate } from '../pki/certificate.ts';
import { readCertsOnly } from '../pki/certs-only.ts';
import type { HttpResponse } from './http.ts';
import { certificateTypes, expectMediaType } from './media-type.ts';
import { decodeBody } from './transfer-encoding.ts';

/** Media types of a bare certificate; not EST, but some servers answer so. */
const bareCertificateTypes = ['application/pkix-cert', 'application/x-x509-user-cert'];

interface Bag {
  readonly certificates: readonly Buffer[];
  readonly warnings: readonly Notice[];
}

/** Value of Content-Transfer-Encoding, or null. */
export function transferEncodingOf({ headers }: HttpResponse): string | null {
  const value = headers['content-transfer-encoding'];
  return typeof value === 'string' ? value : null;
}

/** Runs a reader of DER; whatever it refuses is an answer that cannot be understood (SERVER-09). */
export function understand<Result>(operation: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const known = error instanceof StationError ? error.params.detail : undefined;
    const detail = String(known ?? 'its content is malformed');
    throw new StationError('SERVER-09', { operation, detail }, { cause: error });
  }
}

function isBareCertificate(der: Buffer): boolean {
  try {
    readCertificate(der);
    return true;
  } catch {
    return false;
  }
}

function withoutDuplicates(certificates: readonly Buffer[]): Buffer[] {
  const seen = new Set<string>();
  return certificates.filter((der) => {
    const key = der.toString('base64');
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * Reads an answer that holds certificates: certs-only CMS (RFC 7030 §4.1.3, §4.2.3), or, for an
 * enrollment, a bare certificate.
 * @param limit most certificates an answer may hold.
 * @throws StationError SERVER-09, SERVER-11.
 */
export function readCertificates(
  operation: string,
  response: HttpResponse,
  limit: number,
  bareAllowed: boolean,
): Bag {
  const accepted = bareAllowed ? [...certificateTypes, ...bareCertificateTypes] : certificateTypes;
  if (response.body.length === 0) {
    throw new StationError('SERVER-09', { operation, detail: 'it is empty' });
  }
  const media = expectMediaType(operation, response.headers['content-type'], accepted);
  const decoded = decodeBody(operation, response.body, transferEncodingOf(response));
  const warnings = [...media.warnings, ...decoded.warnings];
  if (bareAllowed && isBareCertificate(decoded.der)) {
    const detail = `${operation} with a bare certificate instead of CMS`;
    return {
      certificates: [decoded.der],
      warnings: [...warnings, notice('ANSWER-TOLERATED', { detail })],
    };
  }
  const { certificates } = understand(operation, () => readCertsOnly(decoded.der, limit));
  if (certificates.length === 0) {
    throw new StationError('SERVER-09', { operation, detail: 'it holds no certificate' });
  }
  return { certificates: withoutDuplicates(certificates), warnings };
}
