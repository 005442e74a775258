import { createInterface } from 'node:readline/promises';
import password from '@inquirer/password';
import { StationError } from '../../shared/errors/station-error.ts';

/**
 * Reads a line a person types; the question goes to stderr, so that stdout keeps its one document.
 * @throws StationError CANCEL-01 when it is left by Ctrl-C or Ctrl-D, or `signal` is aborted.
 */
export async function typedLine(question: string, signal: AbortSignal): Promise<string> {
  return await unlessLeft(async (left) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.once('SIGINT', () => terminal.close());
    terminal.once('close', left);
    try {
      return await terminal.question(question, { signal });
    } finally {
      terminal.close();
    }
  });
}

/** Milliseconds in which a prompt that was answered says so after it has let go of the terminal. */
const settlingMs = 200;

/** As `typedLine`, hidden behind asterisks. */
export async function typedSecret(message: string, signal: AbortSignal): Promise<string> {
  return await unlessLeft(async (left) => {
    // Ctrl-D ends the prompt without a word: the terminal is let go, and nothing is answered.
    let leaving: NodeJS.Timeout | undefined;
    const released = () => {
      leaving = setTimeout(left, settlingMs);
    };
    process.stdin.once('pause', released);
    try {
      return await password({ message, mask: true }, { output: process.stderr, signal });
    } finally {
      process.stdin.off('pause', released);
      clearTimeout(leaving);
    }
  });
}

/** What `ask` gives, unless the person has left the question. */
async function unlessLeft(ask: (left: () => void) => Promise<string>): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  try {
    return await Promise.race([ask(() => reject(new Error('the question was left'))), promise]);
  } catch (error) {
    throw new StationError('CANCEL-01', { step: 'command' }, { cause: error });
  }
}
