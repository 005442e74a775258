import type { CommandName, CommandOutput } from '../../shared/contract/commands.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { commandSchemas, contractProblem, isCommandName } from '../../shared/contract/schemas.ts';
import type { Reply } from '../../shared/contract/station-api.ts';
import { wipeBytes } from '../../shared/contract/wipe.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { boundsProblem } from './message-bounds.ts';
import { type AllowedSender, isAllowedSender, type Sender } from './sender.ts';

export interface GateOptions {
  readonly handlers: StationHandlers;
  readonly allowed: AllowedSender;
  /** Receives one line per defect or refusal; never a value of a message. */
  readonly log: (line: string) => void;
}

/** The one way from a window to the station. */
export interface Gate {
  /**
   * Answers one message. Never throws: errors come back as data, without a stack.
   * Byte arrays in `input` are zeroed once the answer stands.
   */
  answer(sender: Sender | null, name: unknown, input: unknown): Promise<Reply<unknown>>;
}

/** Commands a window may have running at the same time. */
const mostAtOnce = 64;

/**
 * Makes the gate: checks the sender (IPC-02), the command's name, the input's size and form
 * (IPC-01), and the form of the answer, whose failure is a defect of ours (INTERNAL-01).
 */
export function createGate({ handlers, allowed, log }: GateOptions): Gate {
  let running = 0;

  async function run(sender: Sender | null, name: unknown, input: unknown): Promise<unknown> {
    if (!isAllowedSender(sender, allowed)) throw new StationError('IPC-02');
    if (!isCommandName(name)) throw refused('there is no such command');
    const problem = boundsProblem(input);
    if (problem !== null) throw refused(`${name}: ${problem}`);
    if (running > mostAtOnce) throw refused(`${name}: too many commands at once`);
    return await dispatch(handlers, name, input);
  }

  return {
    async answer(sender, name, input) {
      running += 1;
      try {
        return { ok: true, value: await run(sender, name, input) };
      } catch (error) {
        const failure = StationError.from(error);
        const line = logLine(name, failure);
        if (line !== null) log(line);
        return { ok: false, error: failure.toData() };
      } finally {
        running -= 1;
        wipeBytes(input);
      }
    },
  };
}

/** Runs one command between the checks of its input and of its output. */
async function dispatch<Name extends CommandName>(
  handlers: StationHandlers,
  name: Name,
  input: unknown,
): Promise<CommandOutput<Name>> {
  const schema = commandSchemas[name];
  const argument = schema.input.safeParse(input);
  if (!argument.success) throw refused(`${name}: ${contractProblem(argument.error)}`);
  try {
    const output = schema.output.safeParse(await handlers[name](argument.data));
    if (output.success) return output.data;
    throw new StationError('INTERNAL-01', {
      detail: `the answer to ${name} broke the contract at ${contractProblem(output.error)}`,
    });
  } finally {
    wipeBytes(argument.data);
  }
}

function refused(detail: string): StationError {
  return new StationError('IPC-01', { detail });
}

/** Defects and refusals concern whoever maintains the station; everything else is the person's. */
function logLine(name: unknown, failure: StationError): string | null {
  if (!/^(?:INTERNAL|IPC)-/.test(failure.code)) return null;
  const command = isCommandName(name) ? name : 'an unknown command';
  const cause = failure.cause instanceof Error ? `\n${failure.cause.stack ?? ''}` : '';
  return `${failure.code} in ${command}: ${failure.toData().cause}${cause}`;
}
