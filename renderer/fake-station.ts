import '../shared/contract/jitless.ts';
import { type CommandName, type CommandOutput, commands } from '../shared/contract/commands.ts';
import { type EventName, type EventPayload, events } from '../shared/contract/events.ts';
import type { Reply, StationApi } from '../shared/contract/station-api.ts';
import { StationError } from '../shared/errors/station-error.ts';
import { FakeEnrollments } from './fake/enrollments.ts';
import { type FakeHandlers, fakeHandlers } from './fake/handlers.ts';
import type { Scenario } from './fake/scenario.ts';
import { FakeTokens } from './fake/token-commands.ts';

/**
 * A station for developing and testing the window without a token and a server. It speaks the
 * contract both ways through the contract's own schemas, and is no part of the product.
 */
export function fakeStation(scenario: Partial<Scenario> = {}): StationApi {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => {
    const checked = events[name].parse(payload) as never;
    for (const listener of listeners.get(name) ?? []) listener(checked);
  };
  const handlers = fakeHandlers(
    scenario,
    new FakeEnrollments(scenario, tell),
    new FakeTokens(scenario, tell),
  );
  return {
    command: (name, input) => answer(handlers, name, input),
    subscribe(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    },
  };
}

async function answer<Name extends CommandName>(
  handlers: FakeHandlers,
  name: Name,
  input: unknown,
): Promise<Reply<CommandOutput<Name>>> {
  try {
    const { input: inputSchema, output } = commands[name];
    const value = await handlers[name](inputSchema.parse(input) as never);
    return { ok: true, value: output.parse(value) as CommandOutput<Name> };
  } catch (error) {
    return { ok: false, error: StationError.from(error).toData() };
  }
}
