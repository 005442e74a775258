import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import {
  type AttemptOptions,
  consentsOf,
  withAttemptOptions,
  withSubjectOption,
} from '../enrollment-options.ts';
import { readProfile } from '../profile-file.ts';
import { carryOut } from './enroll.ts';

/** `serverkeygen`: a key pair and certificate made by the server (RFC 7030 §4.4). */
export function serverkeygenCommand(program: Command, context: CliContext): void {
  const command = program
    .command('serverkeygen')
    .description('have the server generate a key pair, and import it into the keystore');
  withSubjectOption(withAttemptOptions(command))
    .addHelpText(
      'after',
      `
Every record of such a key says that it was not made on the keystore. Where a key can be made there, use enroll.
How the key is encrypted on its way, beyond TLS, stands in serverKeyGeneration of the profile; its secrets come
from EST_STATION_DECRYPT_PIN or EST_STATION_KEK, or are asked for.

Examples:
  est-station serverkeygen --profile profile.json
  est-station serverkeygen --profile profile.json --subject "CN=GW-20418,O=Example" --json`,
    )
    .action(async (options: Options) => {
      await carryOut(
        context,
        {
          profile: await readProfile(options.profile, options.subject),
          operation: 'serverkeygen',
          ...consentsOf(options),
        },
        options.wait,
      );
    });
}

interface Options extends AttemptOptions {
  readonly subject?: string;
}
