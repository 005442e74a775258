import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import { Refusal } from './answer.ts';
import type { CertificateAuthority } from './authority.ts';
import type { DigestGuard, ProtectedRequest } from './digest.ts';
import type { PracticeOptions } from './practice.ts';

/** Who may enroll with a user name and a password; both UTF-8. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** How a request was authenticated. `clientCertificate` is one this CA issued and that is valid now. */
export interface Authentication {
  readonly by: 'none' | 'basic' | 'digest' | 'tls' | 'refused';
  readonly clientCertificate: X509Certificate | null;
  /** Why it was refused, in words; null otherwise. */
  readonly objection: string | null;
  /** Right credentials of HTTP Digest, for a nonce that is no longer taken. */
  readonly stale: boolean;
}

export interface Credentials {
  readonly request: ProtectedRequest;
  /** The Authorization header's value. */
  readonly authorization: string | undefined;
  /** The TLS client certificate; its key was proven in the handshake. */
  readonly clientCertificate: X509Certificate | null;
}

const clientAuth = '1.3.6.1.5.5.7.3.2';
const cmcRa = '1.3.6.1.5.5.7.3.28';

/**
 * Judges what a client shows: HTTP Basic (RFC 7617) or Digest (RFC 7616) first, else its TLS certificate.
 * A wrong password is refused even beside a good certificate.
 */
export function authenticate(
  credentials: Credentials,
  account: Account,
  digest: DigestGuard,
  offer: PracticeOptions['httpAuth'],
  issuer: CertificateAuthority,
  now: Date = new Date(),
): Authentication {
  const { authorization, clientCertificate: presented } = credentials;
  const complaint = presented === null ? null : certificateObjection(presented, issuer, now);
  const clientCertificate = complaint === null ? presented : null;

  if (authorization !== undefined) {
    const by = /^digest\s/i.test(authorization) ? 'digest' : 'basic';
    const verdict =
      offer !== 'both' && offer !== by
        ? 'wrong'
        : by === 'digest'
          ? digest.judge(authorization, credentials.request)
          : judgeBasic(authorization, account);
    if (verdict === 'good') return { by, clientCertificate, objection: null, stale: false };
    const stale = verdict === 'stale';
    const objection = stale ? 'The nonce is stale.' : 'The user name or password is wrong.';
    return { by: 'refused', clientCertificate, objection, stale };
  }
  const by = clientCertificate !== null ? 'tls' : complaint !== null ? 'refused' : 'none';
  return { by, clientCertificate, objection: complaint, stale: false };
}

/**
 * Only what was shown and is no good is explained: Bouncy Castle 1.72 fails at a challenge with a body.
 * @throws Refusal 401 with the challenges offered unless the request is authenticated.
 */
export function demandAuthentication(
  { by, objection, stale }: Authentication,
  digest: DigestGuard,
  { httpAuth, faults }: Pick<PracticeOptions, 'httpAuth' | 'faults'>,
): void {
  if (by !== 'none' && by !== 'refused') return;
  const challenges = [
    ...(httpAuth === 'basic' ? [] : digest.challenges(stale)),
    ...(httpAuth === 'digest' ? [] : ['Basic realm="EST practice", charset="UTF-8"']),
  ];
  throw new Refusal(401, objection ?? '', {
    'WWW-Authenticate': faults.includes('challenges-apart') ? challenges : challenges.join(', '),
    ...(faults.includes('digest-closes') ? { Connection: 'close' } : {}),
  });
}

/** True for the certificate of a registration authority, which may speak for other devices. */
export function isRegistrationAuthority(certificate: X509Certificate): boolean {
  return certificate.keyUsage?.includes(cmcRa) ?? false;
}

function certificateObjection(
  certificate: X509Certificate,
  issuer: CertificateAuthority,
  now: Date,
): string | null {
  const issued =
    certificate.checkIssued(issuer.certificate) && certificate.verify(issuer.certificate.publicKey);
  if (!issued) return 'The TLS client certificate was not issued by this CA.';
  if (now < certificate.validFromDate) return 'The TLS client certificate is not valid yet.';
  if (now > certificate.validToDate) return 'The TLS client certificate has expired.';
  // node names the extended key usages `keyUsage`.
  const forClients = certificate.keyUsage?.includes(clientAuth) ?? false;
  return forClients ? null : 'The TLS certificate is not meant for client authentication.';
}

function judgeBasic(authorization: string, account: Account): 'good' | 'wrong' {
  const base64 = /^basic +([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(authorization.trim())?.[1];
  if (base64 === undefined) return 'wrong';
  const expected = Buffer.from(`${account.username}:${account.password}`, 'utf8');
  // Hashing first gives both sides one length, so that the time tells nothing about either.
  const right = timingSafeEqual(sha256(Buffer.from(base64, 'base64')), sha256(expected));
  return right ? 'good' : 'wrong';
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
