import type { StationEvent, StationEvents } from '../../shared/contract/handlers.ts';
import { contractProblem, eventSchemas } from '../../shared/contract/schemas.ts';
import type { Unsubscribe } from '../../shared/contract/station-api.ts';

export interface RelayOptions {
  readonly events: StationEvents;
  /** Hands one checked event to the window. */
  readonly send: (event: StationEvent) => void;
  readonly log: (line: string) => void;
}

/**
 * Passes the station's news on to the window, each checked against the contract first: one that
 * breaks it is a defect, logged and kept back.
 * @returns stops the relay.
 */
export function relayEvents({ events, send, log }: RelayOptions): Unsubscribe {
  return events.subscribe((event) => {
    const checked = eventSchemas[event.name].safeParse(event.payload);
    if (checked.success) send(event);
    else log(`the event ${event.name} broke the contract at ${contractProblem(checked.error)}`);
  });
}
