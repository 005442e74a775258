import type { ErrorData } from '../errors/station-error.ts';
import type { CommandInput, CommandName, CommandOutput } from './commands.ts';
import type { EventName, EventPayload } from './events.ts';

/** The answer to a command as it crosses the boundary: a value or an error as data, never an exception. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData };

/** Stops a subscription. */
export type Unsubscribe = () => void;

/** The whole surface the window sees: `window.station`. Nothing else crosses the preload. */
export interface StationApi {
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Reply<CommandOutput<Name>>>;
  subscribe<Name extends EventName>(
    name: Name,
    listener: (payload: EventPayload<Name>) => void,
  ): Unsubscribe;
}

/**
 * What a host must bring so that a bridge can be built on it: Electron's ipcRenderer or Chromium's binding.
 * Messages are structured-cloneable; Uint8Array must survive.
 */
export interface BridgeTransport {
  invoke(name: string, input: unknown): Promise<unknown>;
  on(name: string, listener: (payload: unknown) => void): Unsubscribe;
}
