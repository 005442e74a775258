import type { CommandInput, CommandName, CommandOutput } from '../../shared/contract/commands.ts';
import type { Reply } from '../../shared/contract/station-api.ts';
import { StationError } from '../../shared/errors/station-error.ts';

/** Gives the station a command. Always an answer, never an exception. */
export async function ask<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
): Promise<Reply<CommandOutput<Name>>> {
  try {
    return await window.station.command(name, input);
  } catch (error) {
    return { ok: false, error: StationError.from(error).toData() };
  }
}
