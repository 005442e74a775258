import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  HostProcess,
  ProcessEnd,
  ProcessLauncher,
} from '../../electron/keystore/process-launcher.ts';

const entry = fileURLToPath(new URL('../../electron/keystore/pkcs11/host.ts', import.meta.url));

/** The id of a call nobody waits for; the station counts from 1. */
const unheard = 0;

/** Starts key processes, and uses one that is well again: a thousand enrollments need a thousand processes less. */
export interface PooledLauncher extends ProcessLauncher {
  /** Whatever a module did to the process ends with it. */
  retire(): Promise<void>;
}

/**
 * A key process whose station is done with it closes its module and serves the next life; one that is killed in the
 * middle of a call is killed, one that ends is replaced.
 */
export function pooledLauncher(env: Readonly<Record<string, string>>): PooledLauncher {
  let spare: Worker | null = null;
  return {
    launch() {
      const worker = spare?.alive ? spare : new Worker(env);
      spare = null;
      return worker.life(() => {
        spare = worker;
      });
    },
    async retire() {
      await spare?.end();
      spare = null;
    },
  };
}

/** One process over its lives. */
class Worker {
  readonly #child: ChildProcess;
  readonly #over: Promise<void>;
  #listener: (message: unknown) => void = () => undefined;
  #exit: (end: ProcessEnd) => void = () => undefined;
  #waiting = 0;
  alive = true;

  constructor(env: Readonly<Record<string, string>>) {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    this.#child = fork(entry, [], {
      execArgv: [],
      env: { ...inherited, ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: { readonly id: number }) => {
      if (message.id === unheard) return;
      if ('result' in message || 'error' in message) this.#waiting -= 1;
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
          this.alive = false;
          this.#child.kill('SIGKILL');
          return;
        }
        this.#child.send({ id: unheard, call: 'close', input: null }, () => undefined);
        free();
      },
    };
  }

  async end(): Promise<void> {
    this.alive = false;
    this.#child.kill('SIGKILL');
    await this.#over;
  }
}
