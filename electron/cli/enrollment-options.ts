import type { Command } from 'commander';
import type { EnrollmentOrder } from '../station/enrollment-order.ts';
import { type Wait, waitHelp, waitSeconds } from './attempts.ts';
import { fill } from './fill-option.ts';

/** What every command that asks for a certificate takes. */
export interface AttemptOptions {
  readonly profile: string;
  readonly allowUnverifiedName: boolean;
  readonly wait?: Wait;
}

/** `--profile`, `--allow-unverified-name` and `--wait`. */
export function withAttemptOptions(command: Command): Command {
  return command
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--wait [seconds]', waitHelp, waitSeconds)
    .option(
      '--allow-unverified-name',
      'send credentials although the server name is not checked',
      false,
    );
}

/** What a person agrees to beforehand. */
export interface ConsentOptions {
  readonly followServer: boolean;
  readonly followRedirect: boolean;
}

/** `--follow-server` and `--follow-redirect`. */
export function withConsentOptions(command: Command): Command {
  return command
    .option('--follow-server', 'agree to what the server asks (csrattrs shows it)', false)
    .option(
      '--follow-redirect',
      'send the request on when the server redirects it to another origin',
      false,
    );
}

/** What names a new certificate. */
export interface NameOptions {
  readonly subject?: string;
  readonly fill: Readonly<Record<string, string>>;
}

/** `--subject` and `--fill`. */
export function withNameOptions(command: Command): Command {
  return withSubjectOption(command).option(
    '--fill <name=value>',
    'value for a name the server leaves open; repeatable',
    fill,
    {},
  );
}

/** `--subject`, for a certificate whose other names are not asked about. */
export function withSubjectOption(command: Command): Command {
  return command.option('--subject <dn>', 'subject of the certificate, instead of the profile’s');
}

type Consents = Required<Pick<EnrollmentOrder, 'followRedirect' | 'unverifiedNameConfirmed'>>;

/** The order's part that a person's consent decides. */
export function consentsOf({
  allowUnverifiedName,
  followRedirect = false,
}: Pick<AttemptOptions, 'allowUnverifiedName'> & Partial<ConsentOptions>): Consents {
  return { followRedirect, unverifiedNameConfirmed: allowUnverifiedName };
}
