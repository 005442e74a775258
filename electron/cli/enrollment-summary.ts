import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { fingerprintGroups } from '../../shared/fingerprint.ts';

/** A record in a person's words: what came of it, what was noted, and the command that goes on from there. */
export function summaryLines(record: EnrollmentRecord): string[] {
  return [
    ...outcomeLines(record),
    ...record.warnings.map(({ text }) => `  Note         ${text}`),
    ...nextCommand(record).map((command) => `  Next         est-station ${command}`),
  ];
}

function outcomeLines(record: EnrollmentRecord): string[] {
  const { certificate, keystore } = record;
  if (record.state !== 'done' || certificate === null || keystore === null) {
    return [
      `State: ${record.state}`,
      `  Enrollment   ${record.enrollmentId}`,
      `  Server       ${record.server}`,
    ];
  }
  return [
    'Done: the certificate is stored and verified.',
    `  Subject      ${certificate.subject}`,
    `  Issuer       ${certificate.issuer}`,
    `  Good         ${certificate.notBefore} to ${certificate.notAfter}`,
    `  Serial       ${certificate.serialNumber}`,
    `  SHA-256      ${fingerprintGroups(certificate.fingerprint).join(' ')}`,
    `  Key          ${keystore.alias} on ${keystore.token}${keystore.generatedThere === true ? ', made there, cannot leave' : ''}`,
    `  Server       ${record.server}`,
    `  Took         ${(record.totalMs / 1000).toFixed(1)} s`,
  ];
}

/** The command that settles what stays open; none for what is over. */
function nextCommand({ state, enrollmentId, error }: EnrollmentRecord): string[] {
  if (state === 'pending') return [`resume --enrollment ${enrollmentId} --profile <file>`];
  if (state === 'outcome-unknown') return [`reconcile --enrollment ${enrollmentId}`];
  if (state !== 'issued-not-stored') return [];
  // A key the server generated that did not reach the keystore is gone: only revoking is left.
  if (error?.code === 'KEY-04') {
    return [`revocation-file --enrollment ${enrollmentId} --out <new file>`];
  }
  return [`store-again --enrollment ${enrollmentId} --profile <file>`];
}
