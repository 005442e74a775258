import '../shared/contract/jitless.ts';
import type { CommandInput, CommandName, CommandOutput } from '../shared/contract/commands.ts';
import type { EventName, EventPayload } from '../shared/contract/events.ts';
import {
  commandSchemas,
  contractProblem,
  eventSchemas,
  isCommandName,
  isEventName,
  replySchema,
} from '../shared/contract/schemas.ts';
import type {
  BridgeTransport,
  Reply,
  StationApi,
  Unsubscribe,
} from '../shared/contract/station-api.ts';
import { wipeBytes } from '../shared/contract/wipe.ts';
import { StationError } from '../shared/errors/station-error.ts';

/**
 * Makes `window.station` on top of what a host brings. Every message is checked against the
 * contract before it leaves and when it arrives; a command's failure is always data.
 * Byte arrays in a command's input are zeroed once the reply is there.
 */
export function bridge(transport: BridgeTransport): StationApi {
  return Object.freeze({
    async command<Name extends CommandName>(
      name: Name,
      input: CommandInput<Name>,
    ): Promise<Reply<CommandOutput<Name>>> {
      try {
        return await exchange(transport, name, input);
      } catch (error) {
        return { ok: false, error: StationError.from(error).toData() };
      } finally {
        wipeBytes(input);
      }
    },

    /** @throws StationError IPC-01 for a name that is no event of the contract. */
    subscribe<Name extends EventName>(
      name: Name,
      listener: (payload: EventPayload<Name>) => void,
    ): Unsubscribe {
      if (!isEventName(name)) throw refused('there is no such event');
      const schema = eventSchemas[name];
      return transport.on(name, (payload) => {
        const checked = schema.safeParse(payload);
        if (checked.success) listener(checked.data);
      });
    },
  });
}

async function exchange<Name extends CommandName>(
  transport: BridgeTransport,
  name: Name,
  input: unknown,
): Promise<Reply<CommandOutput<Name>>> {
  if (!isCommandName(name)) throw refused('there is no such command');
  const argument = commandSchemas[name].input.safeParse(input);
  if (!argument.success) throw refused(`${name}: ${contractProblem(argument.error)}`);
  const reply = replySchema(name).safeParse(await transport.invoke(name, argument.data));
  if (!reply.success) throw refused(`the reply to ${name}: ${contractProblem(reply.error)}`);
  return reply.data;
}

function refused(detail: string): StationError {
  return new StationError('IPC-01', { detail });
}
