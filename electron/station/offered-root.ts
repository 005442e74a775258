import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from '../pki/certificate.ts';
import { validatePath } from '../pki/path.ts';
import { isOfTime } from '../pki/path-refusal.ts';

/**
 * The self-signed certificate of a bag that the server's own certificate leads to (RFC 7030 §4.1.1). Nothing is
 * believed yet.
 * @param serverChain what the server showed in its handshake, its own certificate first, DER.
 * @throws StationError TRUST-05 when the server's certificate is not valid at `at`, which most often means a wrong
 *   clock, TRUST-07 when one above it is not, else TRUST-06.
 */
export function offeredRoot(
  endpoint: string,
  serverChain: readonly Buffer[],
  bag: readonly Buffer[],
  at: Date,
): Buffer {
  const [serverCertificate, ...sent] = serverChain;
  if (!serverCertificate) throw new StationError('TRUST-06', { endpoint });
  const verdict = validatePath({
    certificate: serverCertificate,
    intermediates: [...sent, ...bag],
    anchors: bag.filter((der) => readCertificate(der).selfSigned),
    at,
    purpose: 'server',
  });
  if (verdict.valid) {
    const root = verdict.path.at(-1);
    if (root) return root;
    throw new StationError('TRUST-06', { endpoint });
  }
  const { notBefore, notAfter } = readCertificate(serverCertificate);
  const now = at.toISOString();
  if (at < notBefore || at > notAfter) {
    throw new StationError('TRUST-05', {
      endpoint,
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      now,
    });
  }
  if (isOfTime(verdict.reason)) {
    const detail = `${verdict.detail}; this computer says ${now}`;
    throw new StationError('TRUST-07', { endpoint, detail });
  }
  throw new StationError('TRUST-06', { endpoint });
}
