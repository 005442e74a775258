import { Command, CommanderError } from 'commander';
import { exitCodes } from '../../shared/errors/entry.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { bootstrapCommand } from './commands/bootstrap.ts';
import { crlsCommand } from './commands/crls.ts';
import { csrattrsCommand } from './commands/csrattrs.ts';
import { enrollCommand, storeAgainCommand } from './commands/enroll.ts';
import { fullcmcCommand } from './commands/fullcmc.ts';
import { keystoreCommand } from './commands/keystore.ts';
import { modulesCommand } from './commands/modules.ts';
import { objectsCommand } from './commands/objects.ts';
import { practiceCommand } from './commands/practice.ts';
import { profileCheckCommand, profileNewCommand } from './commands/profile.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { auditVerifyCommand, journalCommand } from './commands/records.ts';
import { reenrollCommand } from './commands/reenroll.ts';
import { resumeCommand } from './commands/resume.ts';
import { revocationFileCommand } from './commands/revocation-file.ts';
import { serverkeygenCommand } from './commands/serverkeygen.ts';
import { showCommand } from './commands/show.ts';
import { tokenInitCommand } from './commands/token-init.ts';
import { tokenPinCommand } from './commands/token-pin.ts';
import { tokensCommand } from './commands/tokens.ts';
import { trustCommand } from './commands/trust.ts';
import type { CliContext } from './context.ts';
import { addLibraryParameters } from './library-parameters.ts';

const overview = `
Exit codes: 0 done, 2 usage, 3 profile, 4 token or module, 5 PIN, 6 network, 7 TLS or trust,
8 server refused, 9 pending, 10 issued but not stored, 130 interrupted, 1 internal.
Data folder: EST_STATION_HOME, else the usual place of this operating system.`;

/** Runs one command line. @returns the exit code. */
export async function runProgram(
  context: CliContext,
  version: string,
  argv: readonly string[],
): Promise<number> {
  const { output } = context;
  output.json = argv.includes('--json');
  try {
    await program(context, version).parseAsync(argv, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      output.error(new StationError('USAGE-01', { detail: usageDetail(error) }).toData());
      return exitCodes.usage;
    }
    const failure = asInterrupted(StationError.from(error), context.signal);
    output.error(failure.toData());
    return failure.exitCode;
  }
}

function program(context: CliContext, version: string): Command {
  const root = new Command('est-station')
    .description('Provision PKCS#11 tokens with certificates over EST (RFC 7030).')
    .version(version, '--version')
    .addHelpText('after', overview)
    .configureOutput({
      writeOut: (text) => context.output.text(text),
      // Usage errors are told once, in the catalogue's form.
      writeErr: () => undefined,
    })
    .exitOverride();
  const commands = [
    practiceCommand,
    modulesCommand,
    tokensCommand,
    tokenInitCommand,
    tokenPinCommand,
    objectsCommand,
    keystoreCommand,
    profileNewCommand,
    profileCheckCommand,
    bootstrapCommand,
    trustCommand,
    csrattrsCommand,
    crlsCommand,
    enrollCommand,
    reenrollCommand,
    fullcmcCommand,
    serverkeygenCommand,
    storeAgainCommand,
    revocationFileCommand,
    resumeCommand,
    reconcileCommand,
    showCommand,
    journalCommand,
    auditVerifyCommand,
  ];
  for (const command of commands) command(root, context);
  for (const command of root.commands) {
    addLibraryParameters(command, context);
    command.option('--json', 'print exactly one JSON document on stdout');
    command.exitOverride().copyInheritedSettings(root);
  }
  return root;
}

function usageDetail({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'No command was given.';
  return message.replace(/^error: /, '');
}

/** Anything that failed because of a signal is an interruption. */
function asInterrupted(failure: StationError, signal: AbortSignal): StationError {
  if (failure.code === 'CANCEL-01' || !signal.aborted) return failure;
  return new StationError('CANCEL-01', { step: 'command' });
}
