import { type Command, Option } from 'commander';
import { type Wait, waitHelp, waitSeconds } from '../attempts.ts';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';
import { carryOut } from './enroll.ts';

interface Options {
  readonly profile: string;
  readonly subject?: string;
  readonly signWith?: 'enrolled' | 'tls';
  readonly allowUnverifiedName: boolean;
  readonly wait?: Wait;
}

/** `fullcmc`: a certificate by a Full PKI Request (RFC 7030 §4.3). */
export function fullcmcCommand(program: Command, context: CliContext): void {
  program
    .command('fullcmc')
    .description('get a certificate for a new key by a signed CMC request')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--subject <dn>', 'subject of the certificate, instead of the profile’s')
    .addOption(
      new Option(
        '--sign-with <key>',
        'enrolled: the key of the present certificate (usual); tls: the TLS client key, say of a registration authority',
      ).choices(['enrolled', 'tls']),
    )
    .option(
      '--allow-unverified-name',
      'send credentials although the server name is not checked',
      false,
    )
    .option('--wait [seconds]', waitHelp, waitSeconds)
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
        unverifiedNameConfirmed: options.allowUnverifiedName,
      };
      await carryOut(context, signWith === undefined ? order : { ...order, signWith }, wait);
    });
}
