import type { Command } from 'commander';
import type { ShownEntry } from '../../station/keystore-contents.ts';
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
      const contents = await station.show(await readProfile(file));
      context.output.result({ ...contents }, [
        contents.keystore,
        ...contents.entries.flatMap(contentLines),
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
