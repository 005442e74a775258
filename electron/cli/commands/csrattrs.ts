import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';

/** `csrattrs`: what the server asks of requests (RFC 7030 §4.5). */
export function csrattrsCommand(program: Command, context: CliContext): void {
  program
    .command('csrattrs')
    .description('show what the server asks of certificate requests')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .addHelpText('after', '\nExample:\n  est-station csrattrs --profile profile.json --json')
    .action(async ({ profile: file }: { profile: string }) => {
      const station = await context.station();
      const attributes = await station.csrAttributes(await readProfile(file), context.signal);
      const { der, asksForPop, oids, key, signatureAlgorithm } = attributes;
      const document = {
        asksForPop,
        key,
        signatureAlgorithm,
        oids,
        der: der?.toString('base64') ?? null,
      };
      context.output.result(document, [
        der === null
          ? 'The server asks for nothing in particular.'
          : `Object identifiers: ${oids.join(', ') || 'none'}`,
        `Proof of possession: ${asksForPop ? 'asked for' : 'not asked for'}`,
        ...(key === null ? [] : [`Key: ${key.algorithm} ${key.parameter}`]),
        ...(signatureAlgorithm === null ? [] : [`Signature: ${signatureAlgorithm}`]),
      ]);
    });
}
