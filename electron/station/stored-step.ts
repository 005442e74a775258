import { StationError } from '../../shared/errors/station-error.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import type { StationPorts } from './ports.ts';
import { type Issued, verifyWritten, writeIssued } from './token-writing.ts';

interface Storing {
  readonly log: EnrollmentLog;
  readonly ports: StationPorts;
}

/** Writes the issued certificate, reads it back, and records it. @throws StationError CERT-07 */
export async function store(task: Storing, keystore: Keystore, written: Issued): Promise<void> {
  const { log } = task;
  try {
    await log.step('stored', async () => {
      log.warn(...(await writeIssued(keystore, written)));
      return { result: undefined, evidence: { keystore: keystore.name } };
    });
    await verified(task, keystore, written);
  } catch (error) {
    throw notStored(StationError.from(error), keystore);
  }
  const { keystore: summary } = log.record;
  if (summary) log.note({ keystore: { ...summary, alias: aliases.enrolledKey } });
  await recordStored(task, keystore, log.record.certificate?.fingerprint ?? null);
}

/** Reads back what was written. @throws as `verifyWritten` */
export async function verified(
  { log }: Storing,
  keystore: Keystore,
  written: Issued,
): Promise<void> {
  await log.step('verified', async () => {
    const notices = await verifyWritten(keystore, written);
    const told = log.record.warnings.map(({ code }) => code);
    log.warn(...notices.filter(({ code }) => !told.includes(code)));
    return { result: undefined, evidence: { keystore: keystore.name } };
  });
}

/** CERT-07, unless the cause says already that the certificate is issued and not stored. */
export function notStored(cause: StationError, { name: keystore }: Keystore): StationError {
  if (cause.exitName === 'issued-not-stored') return cause;
  const detail = `${cause.message} (${cause.code})`;
  return new StationError('CERT-07', { keystore, detail }, { cause });
}

/** Records in the audit chain that the certificate (by its fingerprint) is on the keystore. */
export async function recordStored(
  { log, ports }: Storing,
  keystore: Keystore,
  fingerprint: string | null,
  details: Readonly<Record<string, string | boolean>> = {},
): Promise<void> {
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: 'certificate.stored',
    token: keystore.name,
    certificate: fingerprint,
    details: { enrollment: log.record.enrollmentId, ...details },
  });
}
