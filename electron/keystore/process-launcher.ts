/** How a host process ended. Both are null when it could not be started at all. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A child process that speaks in messages. Messages are structured-cloned: plain data, numbers, strings
 * and Uint8Array survive; a Buffer may arrive as a Uint8Array.
 */
export interface HostProcess {
  /** Copies `message` before it returns, so that the caller may zero secrets in it; a dead process swallows it. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started. */
  onExit(listener: (end: ProcessEnd) => void): void;
  /** Ends the process at once and for certain (SIGKILL): it may hang inside vendor code. Safe to repeat. */
  kill(): void;
}

/** Programs that run in a process of their own. */
export type HostEntry = 'keystore-host';

/**
 * Starts host processes: a Node child (`nodeProcessLauncher`) or Electron's utilityProcess.
 * The host ends by itself when its parent goes away.
 */
export interface ProcessLauncher {
  launch(entry: HostEntry): HostProcess;
}
