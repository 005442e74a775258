import type {
  StationEvent,
  StationEvents,
  StationHandlers,
} from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';

/** What a test's station says of itself. */
export const fakeDescription = {
  version: '0.0.0',
  host: 'chromium',
  operator: 'tester',
  station: 'bench',
  dataFolder: '/nowhere',
  practice: null,
} as const;

const unexpected = (): Promise<never> =>
  Promise.reject(new StationError('INTERNAL-01', { detail: 'this test expects no such command' }));

/** Handlers for tests: every command of the contract, refusing unless a test brings its own. */
export function fakeHandlers(own: Partial<StationHandlers> = {}): StationHandlers {
  return {
    'station.describe': async () => fakeDescription,
    'profiles.list': unexpected,
    'profiles.check': unexpected,
    'profiles.save': unexpected,
    'modules.list': unexpected,
    'modules.probe': unexpected,
    'tokens.list': unexpected,
    'tokens.watch': unexpected,
    'tokens.describe': unexpected,
    'tokens.check': unexpected,
    'tokens.initialise': unexpected,
    'tokens.changePin': unexpected,
    'tokens.resetPin': unexpected,
    'tokens.unlock': unexpected,
    'objects.list': unexpected,
    'objects.rename': unexpected,
    'objects.delete': unexpected,
    'objects.export': unexpected,
    'trust.fetch': unexpected,
    'trust.confirm': unexpected,
    'trust.decline': unexpected,
    'trust.show': unexpected,
    'trust.list': unexpected,
    'trust.refresh': unexpected,
    'trust.confirmOffered': unexpected,
    'trust.remove': unexpected,
    'trust.readFile': unexpected,
    'trust.import': unexpected,
    'credentials.hold': unexpected,
    'secret.give': unexpected,
    'credentials.forget': unexpected,
    'secrets.kept': unexpected,
    'secrets.remember': unexpected,
    'secrets.forget': unexpected,
    'enrollment.wishes': unexpected,
    'enrollment.start': unexpected,
    'enrollment.cancel': unexpected,
    'enrollment.get': unexpected,
    'enrollment.list': unexpected,
    'enrollment.resume': unexpected,
    'enrollment.unknown': unexpected,
    'enrollment.adopt': unexpected,
    'enrollment.abandon': unexpected,
    'enrollment.storeAgain': unexpected,
    'journal.read': unexpected,
    ...own,
  };
}

/** A source of events that a test drives by hand. */
export class FakeEvents implements StationEvents {
  readonly listeners = new Set<(event: StationEvent) => void>();

  subscribe(listener: (event: StationEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: StationEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
