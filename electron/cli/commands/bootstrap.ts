import type { Command } from 'commander';
import type { CommandOutput } from '../../../shared/contract/commands.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import { refuseDisabled } from '../../station/enrollment-order.ts';
import type { CliContext } from '../context.ts';
import { fingerprintOption } from '../fingerprint-option.ts';
import { readProfile } from '../profile-file.ts';

/** `bootstrap`: makes the server's root a trust anchor (RFC 7030 §4.1.1). */
export function bootstrapCommand(program: Command, context: CliContext): void {
  program
    .command('bootstrap')
    .description('trust the root of a server, by fingerprint or by the root in the profile')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option(
      '--fingerprint <hex>',
      'SHA-256 of the root certificate you were told another way',
      fingerprintOption,
    )
    .addHelpText(
      'after',
      `
Without --fingerprint the profile's root or fingerprint decides; without those a person at the
terminal is asked to type the fingerprint they were told.

Examples:
  est-station bootstrap --profile profile.json
  est-station bootstrap --profile profile.json --fingerprint B6C060D6…0EDF`,
    )
    .action(async ({ profile: file, fingerprint }: Options) => {
      const profile = await readProfile(file);
      refuseDisabled(profile);
      const station = await context.station();
      const { caRootCertificate, caRootFingerprint } = profile.trust;
      const vouched = fingerprint ?? caRootCertificate ?? caRootFingerprint;
      if (vouched === null && context.interactive) await compare(context, profile);
      else await station.trust.bootstrap(profile, fingerprint ?? null, context.signal);
      const state = await station.trust.show(profile);
      context.output.result(state, anchorLines(state));
    });
}

interface Options {
  readonly profile: string;
  readonly fingerprint?: string;
}

/** Shows the fingerprint by rows, as it is read over the phone, and lets a person type what they were told. */
async function compare(context: CliContext, profile: Profile): Promise<void> {
  const station = await context.station();
  const offer = await station.trust.fetch(profile, context.signal);
  context.output.progress(`${offer.server} sent this root: ${offer.root.subject}`);
  for (let row = 0; row < 4; row += 1) {
    const groups = offer.groups.slice(row * 4, row * 4 + 4);
    context.output.progress(`  ${row + 1}  ${groups.join(' ')}`);
  }
  const told = await context.askLine('Type the fingerprint you were told (empty to decline): ');
  if (told.trim() === '') {
    await station.trust.decline(offer.offerId);
    throw new StationError('TRUST-08', { server: offer.server });
  }
  await station.trust.confirm(offer.offerId, told);
}

function anchorLines({ server, anchors }: CommandOutput<'trust.show'>): string[] {
  return anchors.flatMap(({ certificate, source, confirmedBy, confirmedAt }) => [
    `${server} is trusted through ${certificate.subject}`,
    `  SHA-256 ${certificate.fingerprint}`,
    `  ${source}, by ${confirmedBy}, ${confirmedAt}`,
  ]);
}
