import type { Writable } from 'node:stream';

/**
 * Gives a program its input and ends it. A program that is over before it has read all is told by its exit code;
 * the pipe it leaves is no error of its own.
 */
export function giveInput(stdin: Writable | null, input: string | Uint8Array): void {
  stdin?.on('error', () => undefined);
  stdin?.end(input);
}
