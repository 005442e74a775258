import type { Command } from 'commander';
import type { ShownEntry } from '../../station/keystore-contents.ts';
import { type RenewalTime, renewalTime } from '../../station/renewal-due.ts';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';

/** `show`: aliases, keys and certificates on the profile's keystore. */
export function showCommand(program: Command, context: CliContext): void {
  program
    .command('show')
    .description('show what the profile’s keystore holds; no PIN is needed for a token')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .addHelpText('after', '\nExample:\n  est-station show --profile profile.json')
    .action(async ({ profile: file }: { profile: string }) => {
      const station = await context.station();
      const profile = await readProfile(file);
      const contents = await station.show(profile);
      const renewal = renewalTime(contents, profile, station.ports.clock.now());
      context.output.result({ ...contents, renewal }, [
        contents.keystore,
        ...contents.entries.flatMap(contentLines),
        ...(renewal === null ? [] : [renewalLine(renewal)]),
      ]);
    });
}

/** An alias in a person's words. */
export function contentLines({ alias, key, certificate }: ShownEntry): string[] {
  return [
    alias,
    ...(key === null ? [] : [`  key          ${key.algorithm}, id ${key.id}`]),
    ...(certificate === null
      ? []
      : [
          `  certificate  ${certificate.subject}`,
          `               by ${certificate.issuer}, until ${certificate.notAfter}`,
        ]),
  ];
}

function renewalLine({ wanted, from, due }: RenewalTime): string {
  const how = wanted ? 'reenroll, or reenroll --when-due by a timer' : 'reenroll';
  return due ? `Renewal is due since ${from}: ${how}` : `Renewal is due from ${from} on: ${how}`;
}
