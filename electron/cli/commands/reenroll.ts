import type { Command } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import { lostRenewal, renewalTime } from '../../station/renewal-due.ts';
import type { CliContext } from '../context.ts';
import {
  type AttemptOptions,
  type ConsentOptions,
  consentsOf,
  withAttemptOptions,
  withConsentOptions,
} from '../enrollment-options.ts';
import { summaryLines } from '../enrollment-summary.ts';
import { readProfile } from '../profile-file.ts';
import { carryOut } from './enroll.ts';

interface Options extends AttemptOptions, ConsentOptions {
  readonly rekey: boolean;
  readonly subject?: string;
  readonly whenDue: boolean;
}

/** `reenroll`: renews the enrolled certificate (RFC 7030 §4.2.2). */
export function reenrollCommand(program: Command, context: CliContext): void {
  const command = program
    .command('reenroll')
    .description('renew the enrolled certificate; subject and names stay byte for byte');
  withConsentOptions(withAttemptOptions(command))
    .option('--rekey', 'make a new key instead of using the present one', false)
    .option('--subject <dn>', 'ask for this new subject; the request keeps the present one')
    .option('--when-due', 'for a timer: only once the certificate nears its end', false)
    .addHelpText(
      'after',
      `
With --when-due the profile decides: lifecycle.clientCertificateRenew must be true, and nothing is sent before
lifecycle.certificateExpirationCheckTimeHours are left. A renewal whose answer was lost is never repeated so.

Examples:
  est-station reenroll --profile profile.json
  est-station reenroll --profile profile.json --rekey --json
  est-station reenroll --profile profile.json --subject "CN=GW-20418,O=Example"
  est-station reenroll --profile profile.json --when-due`,
    )
    .action(async (options: Options) => {
      const profile = await readProfile(options.profile);
      // What is no name is told before a server is asked and a key made.
      if (options.subject !== undefined) await readProfile(options.profile, options.subject);
      if (options.whenDue && !(await isDue(context, profile))) return;
      await carryOut(
        context,
        {
          profile,
          operation: 'reenroll',
          rekey: options.rekey,
          answers: { newSubject: options.subject ?? null, followServer: options.followServer },
          ...consentsOf(options),
        },
        options.wait,
      );
    });
}

/**
 * Tells when the renewal is due, unless it is now.
 * @throws StationError USAGE-01 where the profile wants none, TOKEN-09 with nothing enrolled, and the error a lost
 * renewal ended with.
 */
async function isDue(context: CliContext, profile: Profile): Promise<boolean> {
  if (!profile.lifecycle.clientCertificateRenew) {
    const detail =
      'lifecycle.clientCertificateRenew of the profile is false: leave --when-due out to renew now.';
    throw new StationError('USAGE-01', { detail });
  }
  const station = await context.station();
  await station.settleInterrupted();
  const lost = await lostRenewal(station.ports.store, profile);
  if (lost !== null) {
    context.output.result(lost, summaryLines(lost));
    throw lost.error === null ? new StationError('OUTCOME-01') : StationError.fromData(lost.error);
  }
  const contents = await station.show(profile);
  const renewal = renewalTime(contents, profile, station.ports.clock.now());
  if (renewal === null) {
    throw new StationError('TOKEN-09', { object: 'certificate', alias: 'est-enrolled-key-pair' });
  }
  if (!renewal.due) {
    context.output.result({ renewal }, [`Nothing to renew before ${renewal.from}.`]);
  }
  return renewal.due;
}
