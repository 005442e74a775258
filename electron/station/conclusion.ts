import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import type { KeyDescription, Keystore } from '../keystore/keystore.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import type { IssuedVerdict } from './issued-certificate.ts';
import { acceptable, issued } from './issued-step.ts';
import { store } from './stored-step.ts';
import type { Sent } from './submission.ts';

/** What a judged certificate belongs to. */
export interface Requested {
  /** The key on the keystore. */
  readonly key: KeyDescription;
  readonly sent: Sent;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** DER. */
  readonly caCertificates: readonly Buffer[];
}

/** Keeps a judged certificate, compares it with its request, stores it beside its key, and ends. */
export async function conclude(
  task: EnrollmentTask,
  keystore: Keystore,
  verdict: IssuedVerdict,
  { key, sent, signatureAlgorithm, caCertificates }: Requested,
): Promise<EnrollmentRecord> {
  await issued(task, keystore, verdict, { publicKey: key.id });
  await acceptable(task, verdict, sent);
  await store(task, keystore, {
    certificate: verdict.certificate.der,
    spki: key.spki,
    caCertificates,
    bootstrapCa: verdict.path.at(-1) ?? null,
    signatureAlgorithm,
    keyAlias: key.alias,
  });
  return await task.log.end('done', { certificate: verdict.certificate.fingerprint });
}
