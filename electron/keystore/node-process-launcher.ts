import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostEntry, HostProcess, ProcessLauncher } from './process-launcher.ts';

export interface NodeLauncherOptions {
  /** Files to run, by entry; the default is the source beside this file. A bundle names its own. */
  readonly entries?: Readonly<Record<HostEntry, string>>;
  /** Added to this process's environment for the child, e.g. SOFTHSM2_CONF. */
  readonly env?: Readonly<Record<string, string>>;
}

const sources: Readonly<Record<HostEntry, string>> = {
  'keystore-host': fileURLToPath(new URL('./pkcs11/host.ts', import.meta.url)),
};

/** Children still running: a hanging one would outlive this process, because it cannot notice its end. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/**
 * Host processes as Node children, run by the Node that runs this process.
 * Their output goes nowhere: vendor code prints what it likes, perhaps secrets, and standard output is ours.
 */
export function nodeProcessLauncher(options: NodeLauncherOptions = {}): ProcessLauncher {
  return {
    launch(entry) {
      const file = (options.entries ?? sources)[entry];
      const { NODE_OPTIONS: _, ...inherited } = process.env;
      const child = fork(file, [], {
        execPath: process.execPath,
        execArgv: [],
        env: { ...inherited, ...options.env },
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      // A token left open must not keep a command line from ending; a call under way holds its own timer.
      child.unref();
      child.channel?.unref();
      return hostProcess(child);
    },
  };
}

function hostProcess(child: ChildProcess): HostProcess {
  const listeners: ((end: { code: number | null; signal: string | null }) => void)[] = [];
  let ended = false;
  const end = (code: number | null, signal: string | null) => {
    if (ended) return;
    ended = true;
    alive.delete(child);
    for (const listener of listeners) listener({ code, signal });
  };
  alive.add(child);
  child.on('exit', end);
  child.on('error', () => {
    if (child.pid === undefined) end(null, null);
  });

  return {
    send(message) {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void listeners.push(listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
