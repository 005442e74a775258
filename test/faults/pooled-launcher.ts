import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  HostProcess,
  ProcessEnd,
  ProcessLauncher,
} from '../../electron/keystore/process-launcher.ts';

const entry = fileURLToPath(new URL('../../electron/keystore/pkcs11/host.ts', import.meta.url));

/** The id of a call nobody waits for; the station counts from 1. */
const unheard = 0;

/** Where Node keeps what it has compiled: most of a process's start is spent on that. */
const compiled = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

/** Has Node compile the key process and keep that for the processes to come; one that is killed keeps nothing. */
export async function compileKeyProcess(): Promise<void> {
  const child = startProcess({});
  child.disconnect();
  await once(child, 'exit');
}

function startProcess(env: Readonly<Record<string, string>>): ChildProcess {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return fork(entry, [], {
    execArgv: [],
    env: { ...inherited, NODE_COMPILE_CACHE: compiled, ...env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** What passes between the station and a key process; `closing` is waited for by nobody but the next start. */
export interface Moment {
  readonly call: string;
  readonly kind: 'asked' | 'answered' | 'closing';
}

/** Starts key processes, and uses one that is well again: a thousand enrollments need a thousand processes less. */
export interface PooledLauncher extends ProcessLauncher {
  /** Hears of each call before it is sent, and of each answer. */
  hear: (moment: Moment) => void;
  /** Kills the process that is at work, as a system short of memory may do. */
  kill(): void;
  /** Ends the process that is kept. */
  retire(): Promise<void>;
}

/**
 * A key process whose station is done with it closes its module and serves the next life; one that is killed in the
 * middle of a call is killed, one that ends is replaced.
 */
export function pooledLauncher(env: Readonly<Record<string, string>>): PooledLauncher {
  let spare: Worker | null = null;
  let latest: Worker | null = null;
  const launcher: PooledLauncher = {
    hear: () => undefined,
    launch() {
      const former = spare;
      spare = null;
      const begin = () => {
        const worker = former?.alive ? former : new Worker(env, (moment) => launcher.hear(moment));
        latest = worker;
        return worker.life(() => {
          spare = worker;
        });
      };
      return former === null ? begin() : onceClosed(former, begin);
    },
    kill() {
      latest?.kill();
    },
    async retire() {
      await spare?.end();
      spare = null;
    },
  };
  return launcher;
}

/** A life that begins when the module of the life before has closed, or the process has ended with it. */
function onceClosed(former: Worker, begin: () => HostProcess): HostProcess {
  let life: HostProcess | null = null;
  let killed = false;
  const waiting: ((life: HostProcess) => void)[] = [];
  const then = (work: (life: HostProcess) => void) => {
    if (life === null) waiting.push(work);
    else work(life);
  };
  void former.closed.then(() => {
    if (killed) return;
    life = begin();
    for (const work of waiting) work(life);
  });
  return {
    send: (message) => then((begun) => begun.send(message)),
    onMessage: (listener) => then((begun) => begun.onMessage(listener)),
    onExit: (listener) => then((begun) => begun.onExit(listener)),
    kill: () => {
      killed = true;
      if (life === null) former.kill();
      else life.kill();
    },
  };
}

/** One process over its lives. */
class Worker {
  readonly #child: ChildProcess;
  readonly #over: Promise<void>;
  readonly #hear: (moment: Moment) => void;
  #call = '';
  #listener: (message: unknown) => void = () => undefined;
  #exit: (end: ProcessEnd) => void = () => undefined;
  #waiting = 0;
  #closed: () => void = () => undefined;
  alive = true;
  /** Settles when the module of the latest life has closed, or the process has ended. */
  closed: Promise<void> = Promise.resolve();

  constructor(env: Readonly<Record<string, string>>, hear: (moment: Moment) => void) {
    this.#hear = hear;
    this.#child = startProcess(env);
    this.#child.on('message', (message: { readonly id: number }) => {
      if (message.id === unheard) return this.#closed();
      if ('result' in message || 'error' in message) {
        this.#waiting -= 1;
        this.#hear({ call: this.#call, kind: 'answered' });
      }
      this.#listener(message);
    });
    this.#over = new Promise((resolve) => {
      this.#child.on('exit', (code, signal) => {
        this.alive = false;
        this.#exit({ code, signal });
        resolve();
      });
    });
  }

  /** @param free hears when the process can serve again. */
  life(free: () => void): HostProcess {
    this.#waiting = 0;
    let over = false;
    return {
      send: (message) => {
        if (!this.#child.connected) return;
        this.#waiting += 1;
        this.#call = (message as { readonly call: string }).call;
        this.#hear({ call: this.#call, kind: 'asked' });
        this.#child.send(message as object, () => undefined);
      },
      onMessage: (listener) => {
        this.#listener = listener;
      },
      onExit: (listener) => {
        this.#exit = listener;
      },
      kill: () => {
        if (over) return;
        over = true;
        [this.#listener, this.#exit] = [() => undefined, () => undefined];
        if (this.#waiting > 0 || !this.#child.connected) {
          this.kill();
          return;
        }
        this.#hear({ call: 'close', kind: 'closing' });
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#closed = resolve;
        this.closed = Promise.race([promise, this.#over]);
        this.#child.send({ id: unheard, call: 'close', input: null }, () => undefined);
        free();
      },
    };
  }

  kill(): void {
    this.alive = false;
    this.#child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.kill();
    await this.#over;
  }
}
