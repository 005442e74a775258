import type { CommandArgument, CommandName, CommandOutput } from './commands.ts';
import type { EventName, EventPayload } from './events.ts';
import type { Unsubscribe } from './station-api.ts';

/**
 * What a station answers with: one function per command, named alike. Each receives its input
 * validated and with defaults filled in, and throws StationError for everything a person may meet.
 * Secrets in the input are zeroed by the caller once the returned promise has settled: a handler
 * that keeps one copies it.
 */
export type StationHandlers = {
  readonly [Name in CommandName]: (input: CommandArgument<Name>) => Promise<CommandOutput<Name>>;
};

/** One item of station news: an event's name together with its own payload. */
export type StationEvent = {
  readonly [Name in EventName]: { readonly name: Name; readonly payload: EventPayload<Name> };
}[EventName];

/** Where a host listens for the station's news. */
export interface StationEvents {
  subscribe(listener: (event: StationEvent) => void): Unsubscribe;
}
