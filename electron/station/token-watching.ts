import type { StationEvent } from '../../shared/contract/handlers.ts';
import type { TokenPort } from './ports.ts';

/** Watches the tokens of one module for the window, and tells it each change. */
export class TokenWatching {
  readonly #tokens: TokenPort;
  readonly #tell: (event: StationEvent) => void;
  #end: () => void = () => undefined;

  constructor(tokens: TokenPort, tell: (event: StationEvent) => void) {
    this.#tokens = tokens;
    this.#tell = tell;
  }

  /** Watches this module from now on, instead of another; null watches none. */
  watch(module: string | null): void {
    this.#end();
    this.#end =
      module === null
        ? () => undefined
        : this.#tokens.watchTokens(module, ({ tokens, changes, error }) =>
            this.#tell({
              name: 'tokens.changed',
              payload: { module, tokens: [...tokens], changes: [...changes], error },
            }),
          );
  }
}
