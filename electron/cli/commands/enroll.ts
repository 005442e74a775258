import type { Command } from 'commander';
import type { EnrollmentRecord } from '../../../shared/enrollment.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { EnrollmentOrder } from '../../station/enrollment-order.ts';
import type { Station } from '../../station/station.ts';
import { runAttempts, type Wait } from '../attempts.ts';
import type { CliContext } from '../context.ts';
import {
  type AttemptOptions,
  type ConsentOptions,
  consentsOf,
  type NameOptions,
  withAttemptOptions,
  withConsentOptions,
  withNameOptions,
} from '../enrollment-options.ts';
import { summaryLines } from '../enrollment-summary.ts';
import { readProfile } from '../profile-file.ts';

/** `enroll`: a new key and its certificate (RFC 7030 §4.2.1). */
export function enrollCommand(program: Command, context: CliContext): void {
  const command = program
    .command('enroll')
    .description('make a key on the keystore and get a certificate for it');
  withConsentOptions(withNameOptions(withAttemptOptions(command)))
    .addHelpText(
      'after',
      `
Secrets come from EST_STATION_PIN, EST_STATION_PASSWORD and EST_STATION_TLS_PIN, or are asked for.

Examples:
  est-station enroll --profile profile.json
  est-station enroll --profile profile.json --subject "CN=GW-20418,O=Example" --json
  est-station enroll --profile profile.json --fill serialNumber=20418`,
    )
    .action(async (options: EnrollOptions) => {
      const profile = await readProfile(options.profile, options.subject);
      await carryOut(
        context,
        {
          profile,
          operation: 'enroll',
          answers: { fill: options.fill, followServer: options.followServer },
          ...consentsOf(options),
        },
        options.wait,
      );
    });
}

/** `store-again`: stores a certificate that was issued but not stored. */
export function storeAgainCommand(program: Command, context: CliContext): void {
  program
    .command('store-again')
    .description('store a certificate that was issued but not stored; asks no server')
    .requiredOption('--profile <file>', 'profile (JSON) of the keystore that holds the key')
    .requiredOption('--enrollment <id>', 'enrollment that ended "issued-not-stored"')
    .addHelpText(
      'after',
      `
Example:
  est-station store-again --profile profile.json --enrollment 3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f`,
    )
    .action(async (options: { profile: string; enrollment: string }) => {
      const profile = await readProfile(options.profile);
      const station = await context.station();
      const stopTelling = tellSteps(station, context);
      const record = await station.storeAgain(profile, options.enrollment);
      stopTelling();
      context.output.result(record, summaryLines(record));
    });
}

type EnrollOptions = AttemptOptions & ConsentOptions & NameOptions;

/** Runs the enrollment, tells its steps, and raises what it ended with. */
export async function carryOut(
  context: CliContext,
  order: EnrollmentOrder,
  wait?: Wait,
): Promise<void> {
  const station = await context.station();
  const stopTelling = tellSteps(station, context);
  const record = await runAttempts(context, station, order.profile, wait, async (previous) =>
    previous === null
      ? await station.start(order)
      : await station.resume(order, previous.enrollmentId),
  );
  stopTelling();
  const filled = await askOpenNames(context, order, record);
  if (filled !== null) return await carryOut(context, filled, wait);
  context.output.result(record, summaryLines(record));
  if (record.error !== null) throw StationError.fromData(record.error);
}

/** Asks a person for the names the server leaves open. @returns the order with the answers; null when there is nothing to ask. */
async function askOpenNames(
  { interactive, askLine }: CliContext,
  order: EnrollmentOrder,
  { error }: EnrollmentRecord,
): Promise<EnrollmentOrder | null> {
  if (!interactive || error?.code !== 'PROFILE-10') return null;
  const answers: Record<string, string> = {};
  for (const name of String(error.params.missing).split(', ')) {
    const value = await askLine(`The server asks for ${name}: `);
    if (value.trim() === '') return null;
    answers[name] = value.trim();
  }
  return { ...order, answers: { ...order.answers, fill: { ...order.answers?.fill, ...answers } } };
}

/** Tells every finished step on stderr. @returns ends the telling. */
export function tellSteps(station: Station, { output }: CliContext): () => void {
  let told = 0;
  return station.subscribe((event) => {
    if (event.name !== 'enrollment.progress') return;
    // A further attempt begins with no step.
    if (event.payload.steps.length < told) told = 0;
    for (const { name, ms } of event.payload.steps.slice(told)) {
      output.progress(`  ${name.padEnd(18)} ${ms.toFixed(0).padStart(6)} ms`);
    }
    told = event.payload.steps.length;
  });
}
