import { type Command, Option } from 'commander';
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
import { readProfile } from '../profile-file.ts';
import { carryOut } from './enroll.ts';

interface Options extends AttemptOptions, ConsentOptions, NameOptions {
  readonly signWith?: 'enrolled' | 'tls';
}

/** `fullcmc`: a certificate by a Full PKI Request (RFC 7030 §4.3). */
export function fullcmcCommand(program: Command, context: CliContext): void {
  const command = program
    .command('fullcmc')
    .description('get a certificate for a new key by a signed CMC request');
  withConsentOptions(withNameOptions(withAttemptOptions(command)))
    .addOption(
      new Option(
        '--sign-with <key>',
        'enrolled: the key of the present certificate (usual); tls: the TLS client key, say of a registration authority',
      ).choices(['enrolled', 'tls']),
    )
    .addHelpText(
      'after',
      `
A request the CA puts off stays pending; the same command, or resume, asks for it again.

Examples:
  est-station fullcmc --profile profile.json
  est-station fullcmc --profile profile.json --sign-with tls --subject "CN=GW-20418,O=Example" --json`,
    )
    .action(async ({ signWith, wait, ...options }: Options) => {
      const order = {
        profile: await readProfile(options.profile, options.subject),
        operation: 'fullcmc' as const,
        answers: { fill: options.fill, followServer: options.followServer },
        ...consentsOf(options),
      };
      await carryOut(context, signWith === undefined ? order : { ...order, signWith }, wait);
    });
}
