import type { Writable } from 'node:stream';
import { StationError } from '../../shared/errors/station-error.ts';

/** Standard output and standard error of a command. */
export interface StandardStreams {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Aborted when nobody reads the output any more (`| head -1`). */
  readonly readerGone: AbortSignal;
  /** Waits until all is written. @returns OUTPUT-01 when a part did not get where it was sent to, say on a full disk. */
  unwritten(): Promise<StationError | null>;
}

/**
 * Watches what a command writes. A reader that closes its pipe early (EPIPE) does not end a command half-way: what is
 * said further goes nowhere, and the exit code tells how the command ended. Without anybody on standard error nothing
 * is told either.
 */
export function standardStreams(stdout: Writable, stderr: Writable): StandardStreams {
  const gone = new AbortController();
  let failure: Error | null = null;
  stdout.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE') failure ??= error;
    gone.abort();
  });
  let mute = false;
  stderr.on('error', () => {
    mute = true;
  });
  return {
    writeOut: (text) => {
      if (!gone.signal.aborted) stdout.write(text);
    },
    writeError: (text) => {
      if (!mute) stderr.write(text);
    },
    readerGone: gone.signal,
    unwritten: async () => {
      // The callback comes once what was written before has succeeded or failed.
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      if (failure === null) return null;
      return new StationError('OUTPUT-01', { detail: failure.message }, { cause: failure });
    },
  };
}
