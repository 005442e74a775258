import { type Command, Option } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import { fingerprintGroups } from '../../../shared/fingerprint.ts';
import type { Profile } from '../../../shared/profile.ts';
import { serverKey } from '../../../shared/server-key.ts';
import { summariesOfFile } from '../../station/certificate-file.ts';
import { refuseDisabled } from '../../station/enrollment-order.ts';
import type { TrustReport } from '../../station/trust-report.ts';
import { importAnchor, removeAnchor } from '../../station/trusted-servers.ts';
import type { CliContext } from '../context.ts';
import { fingerprintOption } from '../fingerprint-option.ts';
import { readGivenFile } from '../given-file.ts';
import { readProfile } from '../profile-file.ts';

interface Options {
  readonly profile: string;
  readonly refresh: boolean;
  readonly confirm?: string;
  readonly import?: string;
  readonly fingerprint?: string;
  readonly remove?: string;
}

/** `trust`: who is believed for a server, and what the server offers now. */
export function trustCommand(program: Command, context: CliContext): void {
  program
    .command('trust')
    .description('show the trust anchors of a server, add or remove one, follow a new root')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--refresh', 'ask the server for its CA certificates', false)
    .option(
      '--confirm <hex>',
      'trust the new root with this SHA-256, which you compared yourself',
      fingerprintOption,
    )
    .addOption(
      new Option(
        '--import <file>',
        'trust the CA certificate in this file (PEM or DER) that --fingerprint names',
      ).conflicts(['refresh', 'confirm', 'remove']),
    )
    .option('--fingerprint <hex>', 'SHA-256 of the certificate to import', fingerprintOption)
    .addOption(
      new Option('--remove <hex>', 'stop trusting the anchor with this SHA-256')
        .argParser(fingerprintOption)
        .conflicts(['refresh', 'confirm']),
    )
    .addHelpText(
      'after',
      `
A new root is trusted by itself only when a trusted one vouches for it (NewWithOld) and the profile's
caCertificateRollover is on; any other root needs --confirm. The old root counts until it expires.
Importing asks no server: you vouch for the file. Without --fingerprint a person at the terminal is shown what it
holds and types it. A root the profile itself names comes back with the next bootstrap after it was removed.

Examples:
  est-station trust --profile profile.json
  est-station trust --profile profile.json --refresh --json
  est-station trust --profile profile.json --confirm B6C060D6…0EDF
  est-station trust --profile profile.json --import root.pem --fingerprint B6C060D6…0EDF
  est-station trust --profile profile.json --remove B6C060D6…0EDF --json`,
    )
    .action(async (options: Options) => {
      const { refresh, confirm, remove } = options;
      const profile = await readProfile(options.profile);
      refuseDisabled(profile);
      await importFile(context, profile, options);
      const station = await context.station();
      if (remove !== undefined) await removeAnchor(station.ports, serverKey(profile), remove);
      if (confirm !== undefined) await station.confirmNewRoot(profile, confirm, context.signal);
      const report: TrustReport = refresh
        ? await station.refreshTrust(profile, context.signal)
        : { state: await station.trust.show(profile), offered: [], warnings: [] };
      for (const { text } of report.warnings) context.output.progress(text);
      const { state, offered, warnings } = report;
      const document = refresh ? { ...state, offered, warnings } : { ...state };
      context.output.result(document, reportLines(report));
    });
}

/** Makes a certificate of a file an anchor, when one is given. */
async function importFile(
  context: CliContext,
  profile: Profile,
  { import: file, fingerprint }: Options,
): Promise<void> {
  if (file === undefined) {
    if (fingerprint === undefined) return;
    throw new StationError('USAGE-01', { detail: '--fingerprint goes with --import.' });
  }
  const content = await readGivenFile(file);
  const told = fingerprint ?? (await vouched(context, serverKey(profile), file, content));
  const { ports } = await context.station();
  await importAnchor(ports, profile, content, told);
}

/** Shows what a file holds and lets a person type the fingerprint they were told another way. */
async function vouched(
  { interactive, output, askLine }: CliContext,
  server: string,
  file: string,
  content: Uint8Array,
): Promise<string> {
  output.progress(`${file} holds:`);
  for (const { subject, fingerprint } of summariesOfFile(content)) {
    output.progress(`  ${subject}`);
    output.progress(
      `    SHA-256 ${interactive ? fingerprintGroups(fingerprint).join(' ') : fingerprint}`,
    );
  }
  if (!interactive) {
    const detail = '--fingerprint is missing: it says which certificate you vouch for.';
    throw new StationError('USAGE-01', { detail });
  }
  const told = await askLine('Type the fingerprint you were told (empty to decline): ');
  if (told.trim() === '') throw new StationError('TRUST-08', { server });
  return told;
}

function reportLines({ state, offered }: TrustReport): string[] {
  const { server, anchors } = state;
  const now = new Date().toISOString();
  const trusted = anchors.flatMap(
    ({ certificate, source, confirmedBy, confirmedAt, successorOf }) => [
      `${server} is trusted through ${certificate.subject}`,
      `  SHA-256 ${certificate.fingerprint}`,
      `  ${source}, by ${confirmedBy}, ${confirmedAt}`,
      ...(successorOf === null ? [] : [`  succeeds the root with SHA-256 ${successorOf}`]),
      `  until ${certificate.notAfter}${certificate.notAfter < now ? ', expired' : ''}`,
    ],
  );
  const none = anchors.length === 0 ? [`Nothing is trusted for ${server} yet.`] : [];
  return [
    ...none,
    ...trusted,
    ...(offered.length === 0 ? [] : ['The server offers now:']),
    ...offered.map(
      ({ certificate, standing }) =>
        `  ${standing.padEnd(11)} ${certificate.subject}, SHA-256 ${certificate.fingerprint}`,
    ),
  ];
}
