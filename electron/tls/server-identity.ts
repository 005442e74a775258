import { StationError } from '../../shared/errors/station-error.ts';
import { type Certificate, readCertificate } from '../pki/certificate.ts';
import { type PathVerdict, validatePath } from '../pki/path.ts';
import { isOfTime } from '../pki/path-refusal.ts';
import type { PathPurpose } from '../pki/path-validation.ts';
import { matchServerName } from '../pki/server-name.ts';
import type { ConnectionFacts, ConnectTarget, ServerTrust } from './connector.ts';
import { endpointName } from './failures.ts';

const serverAuth = '1.3.6.1.5.5.7.3.1';
/** id-kp-cmcRA, RFC 6402 §2.10. */
const cmcRa = '1.3.6.1.5.5.7.3.28';

/** Whom a server's certificate is held against. */
export interface IdentityQuestion {
  readonly target: ConnectTarget;
  /** The server's certificate first, then whatever else it sent, DER. */
  readonly chain: readonly Buffer[];
  readonly trust: ServerTrust;
  readonly at: Date;
}

/**
 * Decides whether a server is the one it should be (RFC 7030 §3.6): its chain must lead to an
 * anchor, and its name must match (alternative names only, RFC 9525 §6), or, with explicit
 * anchors, its certificate must carry id-kp-cmcRA. Either purpose counts only where every issuer
 * on the way allows it. Without hostname verification the name may differ; the chain never may.
 * @throws StationError TRUST-02, TRUST-03, TRUST-05, TRUST-07, TRUST-13, TRUST-14.
 */
export function identifyServer(question: IdentityQuestion): ConnectionFacts['identifiedBy'] {
  const { target, chain, trust } = question;
  if (trust.kind === 'provisional') return 'nothing';
  const endpoint = endpointName(target);
  const certificate = readServerCertificate(chain, endpoint);
  const purposes = certificate.extendedKeyUsage;
  const forAuthorities = purposes?.includes(cmcRa) === true;
  const verdictOn = (purpose: PathPurpose) => verdictOf(certificate, question, trust, purpose);
  checkVerdict(verdictOn(forAuthorities ? 'server' : 'serverAuth'), certificate, question);

  const named = purposes === null || purposes.includes(serverAuth);
  const forServers = named && (!forAuthorities || verdictOn('serverAuth').valid);
  if (forServers && matchServerName(certificate, target.host)) return 'name';
  if (trust.origin === 'explicit' && forAuthorities && verdictOn('cmcRA').valid) return 'cmcRA';
  if (!forServers) {
    const detail = 'its certificate is not meant for TLS servers';
    throw new StationError('TRUST-07', { endpoint, detail });
  }
  if (!trust.hostnameVerification) return 'chain-only';
  throw new StationError('TRUST-03', { endpoint, names: namesOf(certificate) });
}

function readServerCertificate(chain: readonly Buffer[], endpoint: string): Certificate {
  const [own] = chain;
  if (own === undefined) {
    throw new StationError('TRUST-07', { endpoint, detail: 'it sent no certificate' });
  }
  try {
    return readCertificate(own);
  } catch (error) {
    const detail = 'its certificate cannot be read';
    throw new StationError('TRUST-07', { endpoint, detail }, { cause: error });
  }
}

function verdictOf(
  certificate: Certificate,
  { chain, at }: IdentityQuestion,
  { anchors, revocation }: Extract<ServerTrust, { kind: 'anchors' }>,
  purpose: PathPurpose,
): PathVerdict {
  return validatePath({
    certificate: certificate.der,
    intermediates: chain.slice(1),
    anchors,
    at,
    purpose,
    crls: revocation?.crls ?? [],
    requireRevocation: revocation?.required ?? false,
  });
}

function checkVerdict(
  verdict: PathVerdict,
  certificate: Certificate,
  { target, at }: IdentityQuestion,
): void {
  if (verdict.valid) return;
  const endpoint = endpointName(target);
  const { reason, detail } = verdict;
  // A root of the same name with another key is another root.
  if (reason === 'no-path' || reason === 'signature') {
    throw new StationError('TRUST-02', { endpoint, detail });
  }
  if (reason === 'revoked') throw new StationError('TRUST-13', { endpoint, detail });
  if (reason === 'revocation-unknown') throw new StationError('TRUST-14', { endpoint, detail });
  const { notBefore, notAfter } = certificate;
  if (at < notBefore || at > notAfter) {
    throw new StationError('TRUST-05', {
      endpoint,
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      now: at.toISOString(),
    });
  }
  throw new StationError('TRUST-07', {
    endpoint,
    detail: isOfTime(reason) ? `${detail}; this computer says ${at.toISOString()}` : detail,
  });
}

/** RFC 9525 §2: the common name is no server name. */
function namesOf({ subjectAltNames }: Certificate): string {
  const names = subjectAltNames.filter((name) => /^(DNS|IP):/.test(name));
  return names.length > 0 ? names.join(', ') : 'it has no subject alternative name';
}
