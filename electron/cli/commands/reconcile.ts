import { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import type { EnrollmentRecord } from '../../../shared/enrollment.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import { openEnrollments } from '../../station/earlier-request.ts';
import type { UnknownOutcome } from '../../station/reconciliation.ts';
import type { Station } from '../../station/station.ts';
import { runAttempts } from '../attempts.ts';
import type { CliContext } from '../context.ts';
import { summaryLines } from '../enrollment-summary.ts';
import { boundedFile } from '../given-file.ts';
import { readProfile } from '../profile-file.ts';
import { tellSteps } from './enroll.ts';

interface ReconcileOptions {
  readonly enrollment?: string;
  readonly profile?: string;
  readonly certificate?: string;
  readonly abandon: boolean;
  readonly resubmit: boolean;
}

/** `reconcile`: what a person decides about a request whose answer was lost. */
export function reconcileCommand(program: Command, context: CliContext): void {
  program
    .command('reconcile')
    .description('settle an enrollment whose answer was lost ("outcome-unknown")')
    .option(
      '--enrollment <id>',
      'enrollment that ended "outcome-unknown"; without it they are listed',
    )
    .option('--profile <file>', 'profile (JSON); for --certificate and --resubmit')
    .option('--certificate <file>', 'store this certificate (PEM or DER), found at the CA')
    .option('--abandon', 'give it up; the possible certificate is recorded by its key', false)
    .option('--resubmit', 'send the same request once more, with the same key', false)
    .addHelpText(
      'after',
      `
Without --certificate, --abandon or --resubmit it shows what is known: the key, the request, the time.

Examples:
  est-station reconcile
  est-station reconcile --enrollment 3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f
  est-station reconcile --enrollment 3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f --profile profile.json --certificate found.pem`,
    )
    .action(async (options: ReconcileOptions) => {
      demandOneChoice(options);
      const station = await context.station();
      const { enrollment } = options;
      if (enrollment === undefined) return await list(context, station);
      const outcome = await station.unknownOutcome(enrollment);
      if (options.abandon) {
        tell(context, await station.abandon(enrollment), false);
      } else if (options.certificate !== undefined || options.resubmit) {
        tell(context, await settle(context, station, enrollment, options), true);
      } else {
        show(context, outcome);
      }
    });
}

/** The enrollments whose answers were lost. */
async function list({ output }: CliContext, station: Station): Promise<void> {
  await station.settleInterrupted();
  const enrollments = await openEnrollments(station.ports.store, 'outcome-unknown');
  output.result(
    { enrollments },
    enrollments.length === 0
      ? ['No answer is missing.']
      : enrollments.map(
          ({ enrollmentId, startedAt, operation, profile, server }) =>
            `${enrollmentId}  ${startedAt}  ${operation.padEnd(12)} ${profile}  ${server}`,
        ),
  );
}

function demandOneChoice({
  enrollment,
  certificate,
  abandon,
  resubmit,
  profile,
}: ReconcileOptions): void {
  const choices = [certificate !== undefined, abandon, resubmit].filter(Boolean).length;
  if (choices > 1) {
    const detail = 'Only one of --certificate, --abandon and --resubmit may be given.';
    throw new StationError('USAGE-01', { detail });
  }
  if (choices > 0 && enrollment === undefined) {
    const detail = '--certificate, --abandon and --resubmit need --enrollment.';
    throw new StationError('USAGE-01', { detail });
  }
  if ((certificate !== undefined || resubmit) && profile === undefined) {
    const detail = '--certificate and --resubmit need --profile: it names the keystore and the CA.';
    throw new StationError('USAGE-01', { detail });
  }
}

async function settle(
  context: CliContext,
  station: Station,
  enrollment: string,
  { profile: file = '', certificate }: ReconcileOptions,
): Promise<EnrollmentRecord> {
  const profile = await readProfile(file);
  const found = certificate === undefined ? null : await readCertificates(certificate);
  const stopTelling = tellSteps(station, context);
  const record = await runAttempts(context, station, profile, undefined, async () =>
    found === null
      ? await station.resume({ profile }, enrollment)
      : await station.adopt(profile, enrollment, found),
  );
  stopTelling();
  return record;
}

function tell({ output }: CliContext, record: EnrollmentRecord, raise: boolean): void {
  output.result(record, summaryLines(record));
  if (raise && record.error !== null) throw StationError.fromData(record.error);
}

function show({ output }: CliContext, outcome: UnknownOutcome): void {
  const { record, publicKey, subject, submittedAt, request } = outcome;
  output.result({ ...record, publicKey, subject, submittedAt, request }, [
    `State: ${record.state}`,
    `  Enrollment   ${record.enrollmentId}`,
    `  Server       ${record.server}`,
    `  Submitted    ${submittedAt ?? 'unknown'}`,
    `  Subject      ${subject ?? 'unknown'}`,
    `  Public key   ${publicKey ?? 'unknown'}`,
    `  Keystore     ${record.keystore?.token ?? 'unknown'}`,
    ...whatToAsk(record),
  ]);
}

function whatToAsk({ operation }: EnrollmentRecord): string[] {
  if (operation !== 'serverkeygen') {
    return ['Ask the operator of the CA whether a certificate exists for this key.'];
  }
  return [
    'If the server generated a key, it is lost with the answer that carried it.',
    'Ask the operator of the CA whether a certificate for this subject was issued since then, and have it revoked.',
    'Then ask for another key (--resubmit), or give it up (--abandon).',
  ];
}

const longestList = 64;

/** The certificates of a PEM file, or the one of a DER file, DER. @throws StationError USAGE-01 */
async function readCertificates(file: string): Promise<Buffer[]> {
  try {
    const bytes = await boundedFile(file);
    const blocks = bytes
      .toString('latin1')
      .match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
    if (blocks === null) return [Buffer.from(new X509Certificate(bytes).raw)];
    return blocks.slice(0, longestList).map((pem) => Buffer.from(new X509Certificate(pem).raw));
  } catch (error) {
    const detail = `${file} holds no certificate: ${error instanceof Error ? error.message : String(error)}`;
    throw new StationError('USAGE-01', { detail }, { cause: error });
  }
}
