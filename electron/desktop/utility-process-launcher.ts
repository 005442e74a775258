import type { ForkOptions } from 'electron';
import type {
  HostEntry,
  HostProcess,
  ProcessEnd,
  ProcessLauncher,
} from '../keystore/process-launcher.ts';

/** What of Electron's UtilityProcess the station uses. */
export interface UtilityChild {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface UtilityLauncherOptions {
  /** Electron's `utilityProcess.fork`; only after the app is ready. */
  readonly fork: (file: string, args: string[], options: ForkOptions) => UtilityChild;
  /** Files to run, by entry. */
  readonly entries: Readonly<Record<HostEntry, string>>;
  /** `process.kill`. */
  readonly killProcess: (pid: number, signal: 'SIGKILL') => void;
}

/**
 * Host processes as Electron utility processes: the packaged main process cannot start Node children
 * (its runAsNode fuse is off), and on macOS only they may load libraries signed by others.
 * Their output goes nowhere: vendor code prints what it likes, perhaps secrets.
 */
export function utilityProcessLauncher(options: UtilityLauncherOptions): ProcessLauncher {
  return {
    launch(entry) {
      const { NODE_OPTIONS: _, ...environment } = process.env;
      const child = options.fork(options.entries[entry], [], {
        serviceName: `EST Station ${entry}`,
        stdio: 'ignore',
        env: environment,
        execArgv: [],
        allowLoadingUnsignedLibraries: true,
      });
      return hostProcess(child, options.killProcess);
    },
  };
}

function hostProcess(
  child: UtilityChild,
  killProcess: UtilityLauncherOptions['killProcess'],
): HostProcess {
  const listeners: ((end: ProcessEnd) => void)[] = [];
  let ended = false;
  child.on('exit', (code) => {
    if (ended) return;
    ended = true;
    for (const listener of listeners) listener({ code, signal: null });
  });

  return {
    send(message) {
      if (!ended) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void listeners.push(listener),
    kill() {
      if (ended) return;
      // UtilityProcess.kill sends SIGTERM, which a hang inside a vendor's library may ignore.
      if (child.pid === undefined) child.kill();
      else killIfThere(child.pid, killProcess);
    },
  };
}

function killIfThere(pid: number, killProcess: UtilityLauncherOptions['killProcess']): void {
  try {
    killProcess(pid, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}
