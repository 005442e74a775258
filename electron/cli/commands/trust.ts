import type { Command } from 'commander';
import { refuseDisabled } from '../../station/enrollment-order.ts';
import type { TrustReport } from '../../station/trust-report.ts';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';

interface Options {
  readonly profile: string;
  readonly refresh: boolean;
  readonly confirm?: string;
}

/** `trust`: who is believed for a server, and what the server offers now. */
export function trustCommand(program: Command, context: CliContext): void {
  program
    .command('trust')
    .description('show the trust anchors of a server, and follow a change of its root')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--refresh', 'ask the server for its CA certificates', false)
    .option('--confirm <hex>', 'trust the new root with this SHA-256, which you compared yourself')
    .addHelpText(
      'after',
      `
A new root is trusted by itself only when a trusted one vouches for it (NewWithOld) and the profile's
caCertificateRollover is on; any other root needs --confirm. The old root counts until it expires.

Examples:
  est-station trust --profile profile.json
  est-station trust --profile profile.json --refresh --json
  est-station trust --profile profile.json --confirm B6C060D6…0EDF`,
    )
    .action(async ({ profile: file, refresh, confirm }: Options) => {
      const profile = await readProfile(file);
      refuseDisabled(profile);
      const station = await context.station();
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
