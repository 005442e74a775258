import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';

/** `crls`: the revocation lists of the server (RFC 8295). */
export function crlsCommand(program: Command, context: CliContext): void {
  program
    .command('crls')
    .description('fetch the certificate revocation lists of the server')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .addHelpText('after', '\nExample:\n  est-station crls --profile profile.json --json')
    .action(async ({ profile: file }: { profile: string }) => {
      const profile = await readProfile(file);
      const station = await context.station();
      const listing = await station.crls(profile, context.signal);
      for (const { text } of listing.warnings) context.output.progress(text);
      const lines = listing.crls.flatMap((crl) => [
        `${crl.issuer}: ${crl.revoked} revoked${crl.delta ? ' (changes only)' : ''}`,
        `  from ${crl.thisUpdate} until ${crl.nextUpdate ?? 'the next one'}${crl.current ? '' : ', not in force now'}`,
        crl.signedBy === null
          ? '  not signed by a CA under the trusted roots: do not rely on it'
          : `  signed by the CA with SHA-256 ${crl.signedBy}`,
        crl.pem.trimEnd(),
      ]);
      context.output.result({ ...listing }, lines.length === 0 ? ['There are none.'] : lines);
    });
}
