import { resolve } from 'node:path';
import type { ProcessLauncher } from '../process-launcher.ts';
import { type CallOptions, type Deadlines, defaultDeadlines, HostClient } from './host-client.ts';

export interface ModuleHostOptions {
  /** Milliseconds per call, where they differ from the defaults. */
  readonly deadlines?: Partial<Deadlines>;
  /** A logged-in key process ends after so many milliseconds without a call (default 15 minutes). */
  readonly idleMs?: number;
  /** What C_Initialize of a module wants, by the module's path: NSS softokn needs its database named. */
  readonly libraryParameters?: Readonly<Record<string, string>>;
}

type StartOptions = Pick<CallOptions, 'signal' | 'broken'>;

const quarterHour = 900_000;

/** Starts key processes: one for each open token, and one for each look at what is there. */
export class ModuleHosts {
  readonly #launcher: ProcessLauncher;
  readonly #options: ModuleHostOptions;
  readonly #libraryParameters: Map<string, string>;

  constructor(launcher: ProcessLauncher, options: ModuleHostOptions) {
    this.#launcher = launcher;
    this.#options = options;
    this.#libraryParameters = new Map(Object.entries(options.libraryParameters ?? {}));
  }

  /** What C_Initialize of the module is told from now on. */
  setLibraryParameters(module: string, parameters: string): void {
    this.#libraryParameters.set(resolve(module), parameters);
  }

  /**
   * Starts a key process that has loaded the module; whoever asked for it ends it.
   * @param keepMs milliseconds it may stay without a call, where that is longer than usual.
   * @throws StationError MODULE-01…06, CANCEL-01.
   */
  async start(path: string, keepMs = 0, call: StartOptions = {}): Promise<HostClient> {
    const module = resolve(path);
    const options = {
      module,
      libraryParameters: this.#libraryParameters.get(module) ?? null,
      idleMs: Math.max(this.#options.idleMs ?? quarterHour, keepMs),
      deadlines: { ...defaultDeadlines, ...this.#options.deadlines },
    };
    return await HostClient.start(this.#launcher, options, call);
  }

  /** Does some work in a process of its own: modules keep the picture they had at C_Initialize. */
  async briefly<Result>(
    module: string,
    work: (host: HostClient) => Promise<Result>,
    call: StartOptions = {},
  ): Promise<Result> {
    const host = await this.start(module, 0, call);
    try {
      return await work(host);
    } finally {
      host.kill();
    }
  }
}
