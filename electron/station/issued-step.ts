import type { Keystore } from '../keystore/keystore.ts';
import { summariseCertificate } from '../pki/certificate.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import {
  demandAcceptable,
  differenceNotices,
  differencesFrom,
  type IssuedVerdict,
} from './issued-certificate.ts';
import type { Sent } from './submission.ts';

/** How the audit chain names the key: its identifier, or that the server made it. */
type KeyOrigin = { readonly publicKey: string } | { readonly keyGeneratedBy: 'server' };

/** The answer is on the disk before the token is touched: an issued certificate is never lost. */
export async function issued(
  { log, ports }: EnrollmentTask,
  keystore: Keystore,
  { certificate, path }: IssuedVerdict,
  key: KeyOrigin,
): Promise<void> {
  log.note({ certificate: summariseCertificate(certificate.der) });
  await log.finish('issued', {
    certificate: certificate.der.toString('base64'),
    fingerprint: certificate.fingerprint,
    root: path.at(-1)?.toString('base64') ?? null,
  });
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: 'certificate.issued',
    token: keystore.name,
    certificate: certificate.fingerprint,
    details: {
      enrollment: log.record.enrollmentId,
      station: ports.station,
      server: log.record.server,
      profile: log.record.profile,
      subject: certificate.subject,
      serialNumber: certificate.serialNumber,
      ...key,
    },
  });
}

/** Tells how the certificate differs from its request; what the profile refuses stays evidence and goes no further. */
export async function acceptable(
  { log, ports, profile }: EnrollmentTask,
  { certificate }: IssuedVerdict,
  { request }: Sent,
): Promise<void> {
  if (request === null) return;
  const differences = differencesFrom(request, certificate, profile, ports.clock.now());
  log.warn(...differenceNotices(differences));
  demandAcceptable(differences);
}
