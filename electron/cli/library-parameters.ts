import { type Command, Option } from 'commander';
import type { CliContext } from './context.ts';

interface Options {
  readonly module?: string;
  readonly libraryParameters?: string;
}

/**
 * Adds `--library-parameters` to every command that takes a `--module`, and tells the station before the command runs:
 * NSS softokn does not start without.
 */
export function addLibraryParameters(command: Command, context: CliContext): void {
  const takesModule = command.options.some(({ long }) => long === '--module');
  const has = command.options.some(({ long }) => long === '--library-parameters');
  if (!takesModule || has) return;
  command.addOption(
    new Option('--library-parameters <text>', 'what C_Initialize of the module is told (NSS)'),
  );
  command.hook('preAction', async (_, action) => {
    const { module, libraryParameters } = action.opts<Options>();
    if (module === undefined || libraryParameters === undefined) return;
    (await context.station()).ports.tokens.setLibraryParameters(module, libraryParameters);
  });
}
