import { type ErrorData, StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import { type TokenChange, tokenChanges } from '../../../shared/token-changes.ts';
import type { HostClient } from './host-client.ts';
import type { ModuleHosts } from './module-hosts.ts';

/** What is in the module's slots now, and what changed since the last time. */
export interface TokenPicture {
  readonly tokens: readonly TokenInfo[];
  readonly changes: readonly TokenChange[];
  /** Why the module could not be looked at; the tokens are those of the last good look then. */
  readonly error: ErrorData | null;
}

/** Milliseconds between two looks: a person who plugs a token in does not notice. */
const lookEveryMs = 1000;
/** After trouble with the module the next look waits longer each time. */
const longestWaitMs = 30_000;

/**
 * Looks at the module's slots again and again, in one key process. PKCS#11 events are not used: C_WaitForSlotEvent
 * blocks in many modules, also when told not to. Tells the first picture and each one that differs.
 * @returns a function that ends the watch; safe to call twice.
 */
export function watchTokens(
  hosts: ModuleHosts,
  module: string,
  tell: (picture: TokenPicture) => void,
): () => void {
  const watch = new Watch(hosts, module, tell);
  void watch.run();
  return () => watch.end();
}

class Watch {
  readonly #hosts: ModuleHosts;
  readonly #module: string;
  readonly #tell: (picture: TokenPicture) => void;
  #host: HostClient | null = null;
  #tokens: readonly TokenInfo[] | null = null;
  #error: ErrorData | null = null;
  #wait = lookEveryMs;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(hosts: ModuleHosts, module: string, tell: (picture: TokenPicture) => void) {
    this.#hosts = hosts;
    this.#module = module;
    this.#tell = tell;
  }

  async run(): Promise<void> {
    while (!this.#ended) {
      await this.#look();
      await this.#pause();
    }
    this.#host?.kill();
  }

  end(): void {
    this.#ended = true;
    this.#host?.kill();
    this.#wake();
  }

  async #look(): Promise<void> {
    try {
      this.#host ??= await this.#hosts.start(this.#module);
      const tokens = await this.#host.call('look-again', null);
      if (!this.#ended) this.#seen(tokens);
    } catch (error) {
      this.#host?.kill();
      this.#host = null;
      if (!this.#ended) this.#failed(StationError.from(error).toData());
    }
  }

  #seen(tokens: readonly TokenInfo[]): void {
    const changes = tokenChanges(this.#tokens ?? [], tokens);
    const news = this.#tokens === null || this.#error !== null || changes.length > 0;
    this.#tokens = tokens;
    this.#error = null;
    this.#wait = lookEveryMs;
    if (news) this.#tell({ tokens, changes, error: null });
  }

  #failed(error: ErrorData): void {
    const news = this.#error?.code !== error.code;
    this.#error = error;
    this.#wait = Math.min(2 * this.#wait, longestWaitMs);
    if (news) this.#tell({ tokens: this.#tokens ?? [], changes: [], error });
  }

  async #pause(): Promise<void> {
    if (this.#ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#wait);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}
