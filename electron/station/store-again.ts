import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { aliases, type KeyDescription, type Keystore } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { sameKey } from '../pki/public-key.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import type { StationPorts } from './ports.ts';
import { recordStored, verified } from './stored-step.ts';
import { attend } from './token-witness.ts';
import { type Issued, provingAlgorithm, writeIssued } from './token-writing.ts';

/** What storing an issued certificate again needs. */
export interface StoreAgainTask {
  readonly ports: StationPorts;
  readonly profile: Profile;
  /** Continues the story of the enrollment that ended `issued-not-stored`. */
  readonly log: EnrollmentLog;
  openKeystore(): Promise<Keystore>;
  closeKeystore(keystore: Keystore): Promise<void>;
}

/**
 * Stores the certificate of a record that ended `issued-not-stored`, on the keystore that holds its key: the one it
 * was made for, or another that was given the same key.
 * Asks no server: the certificate stands in the record.
 * @throws StationError USAGE-01 for a record in another state, TOKEN-09 when the key is not there, and what writing throws.
 */
export async function storeAgain(task: StoreAgainTask): Promise<EnrollmentRecord> {
  const { log, profile } = task;
  const [certificate] = certificatesFromPem(certificatePem(log.record));
  if (!certificate) throw new StationError('CERT-06', { detail: 'the record holds none' });
  const keystore = await log.step('token-ready', async () => {
    const opened = await task.openKeystore();
    attend(opened, log, null);
    return { result: opened, evidence: { keystore: opened.name } };
  });
  try {
    const { issued, holder } = await issuedFor(keystore, certificate, log.record, profile);
    await log.step('stored', async () => {
      log.warn(...(await writeIssued(keystore, issued)));
      return { result: undefined, evidence: { keystore: keystore.name, again: true } };
    });
    await verified(task, keystore, issued);
    log.note({
      keystore: {
        kind: keystore.kind,
        token: keystore.name,
        alias: aliases.enrolledKey,
        generatedThere: keystore.kind === 'pkcs11' && holder.generatedThere,
      },
    });
  } finally {
    await task.closeKeystore(keystore);
  }
  log.note({ error: null });
  const { fingerprint } = readCertificate(certificate);
  await recordStored(task, keystore, fingerprint, { again: true });
  return await log.end('done', { certificate: fingerprint });
}

function certificatePem({ state, certificate, enrollmentId }: EnrollmentRecord): string {
  if (state === 'issued-not-stored' && certificate !== null) return certificate.pem;
  const detail = `The enrollment ${enrollmentId} is "${state}"; only an issued, not stored one can be stored again.`;
  throw new StationError('USAGE-01', { detail });
}

/** Finds the certificate's key, wherever the interrupted run left it. */
async function issuedFor(
  keystore: Keystore,
  certificate: Buffer,
  record: EnrollmentRecord,
  { request }: Profile,
): Promise<{ issued: Issued; holder: KeyDescription }> {
  const { spki } = readCertificate(certificate);
  const entries = await keystore.entries();
  const holder = entries.flatMap(({ key }) => key ?? []).find((key) => sameKey(key.spki, spki));
  if (!holder) {
    throw new StationError('TOKEN-09', { object: 'key', alias: aliases.requestKey });
  }
  // The promotion may have been cut short between the halves of the key.
  if (holder.alias === aliases.enrolledKey) await keystore.rename(holder.alias, holder.alias);
  const caCertificates = record.caCertificates.flatMap(({ pem }) => certificatesFromPem(pem));
  const issued = {
    certificate,
    spki,
    caCertificates,
    bootstrapCa: caCertificates[0] ?? null,
    signatureAlgorithm:
      record.operation === 'serverkeygen' ? provingAlgorithm(spki) : request.signatureAlgorithm,
    keyAlias: holder.alias,
  };
  return { issued, holder };
}
