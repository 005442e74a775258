import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { aliases, type KeyDescription, type Keystore } from '../keystore/keystore.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { conclude } from './conclusion.ts';
import { conduct, type Opened } from './conduct.ts';
import { earlierRequest } from './earlier-request.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { judgeIssued } from './issued-certificate.ts';
import { tokenReady } from './keystore-steps.ts';
import type { StationPorts } from './ports.ts';

/** What a person needs to ask a CA's operator about an enrollment whose answer was lost. */
export interface UnknownOutcome {
  readonly record: EnrollmentRecord;
  /** Identifier of the key, as the audit chain names it; null when the journal has none. */
  readonly publicKey: string | null;
  /** Subject that was asked for, RFC 4514 text; null when the journal has none. */
  readonly subject: string | null;
  /** When the request went out, ISO 8601 in UTC. */
  readonly submittedAt: string | null;
  /** The request that went out, PKCS#10 DER in base64. */
  readonly request: string | null;
}

/** @throws StationError USAGE-01 unless the record is `outcome-unknown` */
export async function unknownOutcome(
  ports: StationPorts,
  record: EnrollmentRecord,
): Promise<UnknownOutcome> {
  const { enrollmentId, state } = record;
  if (state !== 'outcome-unknown') {
    const detail = `The enrollment ${enrollmentId} is "${state}"; only an unknown outcome can be reconciled.`;
    throw new StationError('USAGE-01', { detail });
  }
  const { keyId, request } = await earlierRequest(ports.store, record, true);
  const submissions = await ports.store.journal.read({
    enrollmentId,
    state: 'submitted',
    limit: 1,
  });
  const [planned] = await ports.store.journal.read({ enrollmentId, state: 'planned', limit: 1 });
  const { subject = null } = planned?.evidence ?? {};
  return {
    record,
    publicKey: keyId,
    subject: typeof subject === 'string' ? subject : null,
    submittedAt: submissions[0]?.at ?? null,
    request: request?.der.toString('base64') ?? null,
  };
}

/** Gives an enrollment up: a certificate the CA may have issued stays on record by its public key. */
export async function abandon(
  ports: StationPorts,
  outcome: UnknownOutcome,
): Promise<EnrollmentRecord> {
  const { record, publicKey } = outcome;
  const { enrollmentId } = record;
  const ended: EnrollmentRecord = { ...record, state: 'cancelled' };
  const evidence = { abandoned: true, publicKey };
  const at = ports.clock.now().toISOString();
  await ports.store.journal.append(
    { enrollmentId, phase: 'after', state: ended.state, at, evidence },
    { durable: true },
  );
  await ports.store.enrollments.save(ended);
  await recordOrphan(ports, 'enrollment.abandoned', outcome);
  return ended;
}

/** Records that the CA may have issued a certificate for this key, or this subject, that nobody here holds. */
export async function recordOrphan(
  ports: StationPorts,
  what: 'enrollment.abandoned' | 'enrollment.resubmitted',
  { record: { enrollmentId, keystore, server }, publicKey, subject }: UnknownOutcome,
): Promise<void> {
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what,
    token: keystore?.token ?? null,
    certificate: null,
    details: { enrollment: enrollmentId, server, possibleOrphan: publicKey, subject },
  });
}

/**
 * Takes a certificate an operator of the CA found for a request whose answer was lost: matched by public key,
 * validated to an anchor, stored and read back as if it had come with the answer. Asks no server.
 * @param found DER, the certificate among others, in any order
 */
export function adopting(
  found: readonly Buffer[],
): (task: EnrollmentTask) => Promise<EnrollmentRecord> {
  return (task) => conduct(task, (conducted, opened) => adopt(conducted, opened, found));
}

/** A key the server generated went with its answer: no certificate found later can be of use. */
export function keyLostWithAnswer({ record, subject, submittedAt }: UnknownOutcome): StationError {
  const since = submittedAt ?? record.startedAt;
  return new StationError('OUTCOME-04', { subject: subject ?? record.profile, since });
}

async function adopt(
  task: EnrollmentTask,
  opened: Opened,
  found: readonly Buffer[],
): Promise<EnrollmentRecord> {
  const { log, profile, earlier } = task;
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const key = await keyOf(keystore, earlier?.keyId ?? null);
  const anchors = await task.trust.anchorsFor(profile, keystore);
  if (anchors === null) throw new StationError('TRUST-01', { server: log.record.server });
  const caCertificates = log.record.caCertificates.flatMap(({ pem }) => certificatesFromPem(pem));
  const verdict = judgeIssued({
    answer: found,
    caCertificates,
    anchors: anchors.anchors,
    spki: key.spki,
    crls: anchors.revocation?.crls,
    at: task.ports.clock.now(),
  });
  log.warn(...verdict.warnings);
  await log.begin('issued', { reconciled: true });
  return await conclude(task, keystore, verdict, {
    key,
    sent: { request: earlier?.request?.der ?? null },
    signatureAlgorithm: profile.request.signatureAlgorithm,
    caCertificates,
  });
}

async function keyOf(keystore: Keystore, keyId: string | null): Promise<KeyDescription> {
  const entries = await keystore.entries();
  const key = entries.find((entry) => entry.key !== null && entry.key.id === keyId)?.key ?? null;
  if (key === null)
    throw new StationError('TOKEN-09', { object: 'key', alias: aliases.requestKey });
  return key;
}
