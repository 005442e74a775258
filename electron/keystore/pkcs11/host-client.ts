import { StationError } from '../../../shared/errors/station-error.ts';
import type { HostProcess, ProcessEnd, ProcessLauncher } from '../process-launcher.ts';
import {
  type CallInput,
  type CallName,
  type CallResult,
  calls,
  functionMessage,
  replyMessage,
} from './messages.ts';

/** Milliseconds each call may take before the key process is killed. */
export type Deadlines = Readonly<Record<CallName, number>>;

export const defaultDeadlines: Deadlines = {
  // The process itself has to start as well.
  start: 20_000,
  'module-info': 5_000,
  'list-tokens': 5_000,
  'describe-tokens': 10_000,
  'look-again': 10_000,
  'initialise-token': 60_000,
  'change-pin': 60_000,
  'reset-pin': 60_000,
  open: 10_000,
  login: 30_000,
  'generate-key-pair': 30_000,
  'import-key-pair': 30_000,
  sign: 30_000,
  'signature-algorithms': 10_000,
  'asks-at-use': 10_000,
  entries: 30_000,
  'store-certificate': 30_000,
  rename: 30_000,
  remove: 30_000,
  close: 3_000,
};

/** RSA keys are made by trial; smart cards take minutes at times. */
export const rsaGenerationMs = 180_000;
/** A person types on the reader. */
export const pinPadMs = 120_000;

export interface HostOptions {
  /** Absolute path of the PKCS#11 module. */
  readonly module: string;
  readonly libraryParameters: string | null;
  readonly idleMs: number;
  readonly deadlines: Deadlines;
}

export interface CallOptions {
  /** Zeroed as soon as the message is away, or can no longer go. */
  readonly secrets?: readonly Uint8Array[];
  /** Milliseconds, instead of the call's usual deadline. */
  readonly deadline?: number;
  /** Aborted when nobody wants the answer any more: the process ends, in the middle of the call. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of a call that ended together with its process: where it was, and after how many milliseconds. */
  readonly broken?: (where: {
    readonly function: string | null;
    readonly elapsedMs: number;
  }) => void;
}

interface Pending {
  readonly id: number;
  /** The PKCS#11 function it was about to make when it was last heard of. */
  function: string | null;
  settle(message: unknown): void;
  ended(end: ProcessEnd): void;
}

/**
 * The parent's side of one key process. Calls are serial; each has a deadline, after which the process is
 * killed. After its end every call is PIN-08: the program never logs in again by itself.
 */
export class HostClient {
  readonly #process: HostProcess;
  readonly #options: HostOptions;
  #queue: Promise<unknown> = Promise.resolve();
  #pending: Pending | null = null;
  #ended = false;
  #nextId = 0;

  private constructor(process: HostProcess, options: HostOptions) {
    this.#process = process;
    this.#options = options;
    process.onMessage((message) => this.#hear(message));
    process.onExit((end) => {
      this.#ended = true;
      this.#pending?.ended(end);
    });
  }

  /**
   * Starts a key process and has it load the module.
   * @param call `signal` and `broken` as for a call.
   * @throws StationError MODULE-01…06, CANCEL-01.
   */
  static async start(
    launcher: ProcessLauncher,
    options: HostOptions,
    call: Pick<CallOptions, 'signal' | 'broken'> = {},
  ): Promise<HostClient> {
    const client = new HostClient(launcher.launch('keystore-host'), options);
    const { module, libraryParameters, idleMs } = options;
    try {
      await client.call('start', { module, libraryParameters, idleMs }, call);
      return client;
    } catch (error) {
      client.kill();
      throw error;
    }
  }

  /** True once the process is gone; what it was logged in to is lost. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Makes one call, after those before it.
   * @throws StationError what the key process reports, MODULE-04 (crash), MODULE-05 (deadline), PIN-08 (it has ended),
   *   CANCEL-01 (`signal`).
   */
  call<N extends CallName>(
    name: N,
    input: CallInput<N>,
    options: CallOptions = {},
  ): Promise<CallResult<N>> {
    const result = this.#queue.then(() => this.#exchange(name, input, options));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#ended = true;
    this.#process.kill();
  }

  async #exchange<N extends CallName>(
    name: N,
    input: CallInput<N>,
    { secrets = [], deadline = this.#options.deadlines[name], signal, broken }: CallOptions,
  ): Promise<CallResult<N>> {
    const begun = performance.now();
    const endedBefore = this.#ended;
    try {
      if (this.#ended) throw new StationError('PIN-08');
      if (signal?.aborted) throw new StationError('CANCEL-01', { step: name });
      const result = this.#answer(name, deadline, signal);
      this.#process.send({ id: this.#nextId, call: name, input });
      for (const secret of secrets) secret.fill(0);
      return await result;
    } finally {
      if (this.#ended && !endedBefore) {
        const elapsedMs = Math.round(performance.now() - begun);
        broken?.({ function: this.#pending?.function ?? null, elapsedMs });
      }
      this.#pending = null;
      for (const secret of secrets) secret.fill(0);
    }
  }

  #hear(message: unknown): void {
    const pending = this.#pending;
    if (pending === null) return;
    const told = functionMessage.safeParse(message);
    if (!told.success) pending.settle(message);
    else if (told.data.id === pending.id) pending.function = told.data.function;
  }

  #answer<N extends CallName>(
    name: N,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<CallResult<N>> {
    this.#nextId += 1;
    const { module } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<CallResult<N>>();
    const timer = setTimeout(() => {
      this.kill();
      const seconds = Math.ceil(deadline / 1000);
      reject(new StationError('MODULE-05', { module, call: name, seconds }));
    }, deadline);
    const giveUp = () => {
      this.kill();
      reject(new StationError('CANCEL-01', { step: name }));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#pending = {
      id: this.#nextId,
      function: null,
      settle: (message) => {
        const outcome = this.#read(name, message);
        if (outcome instanceof StationError) reject(outcome);
        else resolve(outcome.result);
      },
      ended: (end) => reject(this.#crash(name, end)),
    };
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    });
  }

  /** An answer that does not fit comes from a process whose memory the module has damaged. */
  #read<N extends CallName>(name: N, message: unknown): { result: CallResult<N> } | StationError {
    const reply = replyMessage.safeParse(message);
    if (reply.success && reply.data.id === this.#pending?.id) {
      if ('error' in reply.data) return StationError.fromData(reply.data.error);
      const result = calls[name].result.safeParse(reply.data.result);
      if (result.success) return { result: result.data };
    }
    this.kill();
    return new StationError('MODULE-04', { module: this.#options.module, call: name });
  }

  #crash(name: CallName, { code, signal }: ProcessEnd): StationError {
    const { module } = this.#options;
    const neverRan = signal === null && (code === null || code === 1);
    if (name === 'start' && neverRan) {
      const detail = `the key process ended with ${code ?? 'an error'}`;
      return new StationError('MODULE-06', { module, detail });
    }
    return new StationError('MODULE-04', { module, call: name });
  }
}
