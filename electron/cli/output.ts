import type { ErrorData } from '../../shared/errors/station-error.ts';

/** Version of every JSON document the command line prints. */
export const jsonSchemaVersion = 1;

type Write = (text: string) => void;

/**
 * What a command says. With `--json` exactly one JSON document goes to stdout; everything else,
 * progress and errors in words, goes to stderr.
 */
export class Output {
  readonly #stdout: Write;
  readonly #stderr: Write;
  json = false;
  #documentPrinted = false;

  constructor(stdout: Write, stderr: Write) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** The command's result: `document` with --json, else `lines`. */
  result(document: Readonly<Record<string, unknown>>, lines: readonly string[]): void {
    if (this.json) this.#document(document);
    else this.#stdout(lines.map((line) => `${line}\n`).join(''));
  }

  /** Plain text that is the result itself (a profile, a help page), the same with and without --json. */
  text(text: string): void {
    this.#stdout(text.endsWith('\n') ? text : `${text}\n`);
  }

  progress(line: string): void {
    this.#stderr(`${line}\n`);
  }

  /** An error in words; with --json also as the one document, unless the command printed its own. */
  error(error: ErrorData): void {
    this.#stderr(errorLines(error));
    if (this.json && !this.#documentPrinted) this.#document({ error });
  }

  #document(document: Readonly<Record<string, unknown>>): void {
    this.#documentPrinted = true;
    this.#stdout(`${JSON.stringify({ schemaVersion: jsonSchemaVersion, ...document })}\n`);
  }
}

function errorLines({ code, message, cause, waysOut, clause }: ErrorData): string {
  const rule = clause === null ? '' : `, ${clause}`;
  const ways = waysOut.map((way) => `  - ${way}\n`).join('');
  return `${message} (${code}${rule})\n${cause}\n${ways}`;
}
