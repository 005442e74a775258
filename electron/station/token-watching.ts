import type { EventPayload } from '../../shared/contract/events.ts';
import type { StationEvent } from '../../shared/contract/handlers.ts';
import type { TokenPort } from './ports.ts';

interface Watched {
  readonly end: () => void;
  /** What was told last; null before the first look. */
  last: EventPayload<'tokens.changed'> | null;
}

/** Watches the tokens of some modules for the window, and tells it each change. */
export class TokenWatching {
  readonly #tokens: TokenPort;
  readonly #tell: (event: StationEvent) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(tokens: TokenPort, tell: (event: StationEvent) => void) {
    this.#tokens = tokens;
    this.#tell = tell;
  }

  /** Watches these modules from now on and no others; one watched already is told again as it was seen last. */
  watch(modules: readonly string[]): void {
    for (const [module, { end }] of this.#watched) {
      if (modules.includes(module)) continue;
      end();
      this.#watched.delete(module);
    }
    for (const module of new Set(modules)) {
      const known = this.#watched.get(module);
      if (known === undefined) this.#start(module);
      else if (known.last !== null) {
        this.#tell({ name: 'tokens.changed', payload: { ...known.last, changes: [] } });
      }
    }
  }

  #start(module: string): void {
    const watched: Watched = {
      last: null,
      end: this.#tokens.watchTokens(module, ({ tokens, changes, error }) => {
        const payload = { module, tokens: [...tokens], changes: [...changes], error };
        watched.last = payload;
        this.#tell({ name: 'tokens.changed', payload });
      }),
    };
    this.#watched.set(module, watched);
  }
}
