import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { DemoCheck } from './demo-checks.ts';

export interface DemoSummary {
  readonly record: EnrollmentRecord;
  readonly checks: readonly DemoCheck[];
  readonly folder: string;
  /** A command that shows what is on the token now. */
  readonly lookCommand: string;
}

const marks = { passed: 'ok', failed: 'FAILED', missing: 'not checked' } as const;

/** What was done, in words for a person; one line each. */
export function summaryLines({ record, checks, folder, lookCommand }: DemoSummary): string[] {
  return [
    '',
    ...certificateLines(record),
    '',
    ...record.steps.map(({ name, ms }) => `  ${name.padEnd(18)}${seconds(ms).padStart(9)}`),
    `  ${'in all'.padEnd(18)}${seconds(record.totalMs).padStart(9)}`,
    '',
    ...checks.map(checkLine),
    ...record.warnings.map(({ text }) => `  note: ${text}`),
    '',
    `Everything is in ${folder}`,
    'To look at the token with another program:',
    `  ${lookCommand}`,
  ];
}

function certificateLines({ certificate, keystore, server }: EnrollmentRecord): string[] {
  if (certificate === null || keystore === null) return ['No certificate was issued.'];
  const made = keystore.generatedThere === true ? 'made there, cannot leave it' : 'origin unknown';
  return [
    'Certificate issued, stored and verified:',
    `  subject      ${certificate.subject}`,
    `  issuer       ${certificate.issuer}`,
    `  serial       ${certificate.serialNumber}`,
    `  valid        ${certificate.notBefore} to ${certificate.notAfter}`,
    `  key          ${certificate.publicKey}, on the token ${keystore.token} as ${keystore.alias}: ${made}`,
    `  server       ${server}`,
    ...fingerprintLines(certificate.fingerprint),
  ];
}

/** SHA-256 in groups of four, two lines, as it is compared by eye. */
function fingerprintLines(fingerprint: string): string[] {
  const groups = fingerprint.match(/.{4}/g) ?? [];
  return [
    `  fingerprint  ${groups.slice(0, 8).join(' ')}`,
    `               ${groups.slice(8).join(' ')}`,
  ];
}

function checkLine({ what, verdict, detail }: DemoCheck): string {
  const why = detail === '' ? '' : ` (${detail})`;
  return `  ${marks[verdict].padEnd(12)} ${what}${why}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
