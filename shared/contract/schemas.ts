import { z } from 'zod';
import { errorData } from '../errors/station-error.ts';
import {
  type CommandArgument,
  type CommandName,
  type CommandOutput,
  commands,
} from './commands.ts';
import { type EventName, type EventPayload, events } from './events.ts';
import type { Reply } from './station-api.ts';

/** The schemas of the commands, typed so that a name picked at run time keeps its own types. */
export const commandSchemas: {
  readonly [Name in CommandName]: {
    readonly input: z.ZodType<CommandArgument<Name>>;
    readonly output: z.ZodType<CommandOutput<Name>>;
  };
} = commands;

export const eventSchemas: { readonly [Name in EventName]: z.ZodType<EventPayload<Name>> } = events;

/** True when `name` is a command of the contract (own names only: `__proto__` is none). */
export function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commands, name);
}

/** True when `name` is an event of the contract. */
export function isEventName(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(events, name);
}

const failure = z.strictObject({ ok: z.literal(false), error: errorData });

/** The schema of a command's reply as it arrives at the window. */
export function replySchema<Name extends CommandName>(
  name: Name,
): z.ZodType<Reply<CommandOutput<Name>>> {
  const success = z.strictObject({ ok: z.literal(true), value: commandSchemas[name].output });
  return z.union([success, failure]);
}

/** Where a message broke the contract: paths and reasons, never the values. */
export function contractProblem(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the message'}: ${issue.message}`)
    .join('; ');
}
