import { z } from 'zod';
import { catalogue, type ErrorCode, isErrorCode } from './catalogue.ts';
import { type ExitName, exitCodes } from './entry.ts';

/** Values for the placeholders of an error's texts. Never a secret. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/** An error as it crosses a process boundary, a journal or the command line: data, never a stack. */
export const errorData = z.strictObject({
  code: z.string().max(32),
  message: z.string().max(2000),
  cause: z.string().max(4000),
  waysOut: z.array(z.string().max(1000)).max(12),
  params: z.record(z.string().max(64), z.union([z.string().max(2000), z.number()])),
  clause: z.string().max(64).nullable(),
});

export type ErrorData = z.infer<typeof errorData>;
export type Language = 'en' | 'de';

const longestParam = 500;

/** Fills `{name}` placeholders; a missing one stays visible, so that a test can find it. */
function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}

/** Parameters may quote a server, a token or a file: bounded, and without control characters. */
function sanitise(params: ErrorParams): Record<string, string | number> {
  const clean: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) {
    clean[name] =
      typeof value === 'number'
        ? value
        : value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, longestParam);
  }
  return clean;
}

/**
 * The one error type of the product. Everything a person may meet is thrown as one of these;
 * any other exception is a defect and reaches the person as `INTERNAL-01`.
 */
export class StationError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    const clean = sanitise(params);
    super(fill(catalogue[code].en.what, clean), options);
    this.name = 'StationError';
    this.code = code;
    this.params = clean;
  }

  /** The exit code of the command line for this error. */
  get exitCode(): number {
    return exitCodes[catalogue[this.code].exit];
  }

  get exitName(): ExitName {
    return catalogue[this.code].exit;
  }

  /** The error as data, its texts in `language`. */
  toData(language: Language = 'en'): ErrorData {
    const entry = catalogue[this.code];
    return {
      code: this.code,
      message: fill(entry[language].what, this.params),
      cause: fill(entry[language].why, this.params),
      waysOut: entry[language].waysOut.map((way) => fill(way, this.params)),
      params: { ...this.params },
      clause: 'clause' in entry ? (entry.clause ?? null) : null,
    };
  }

  /** Rebuilds an error from data received from another process; an unlisted code becomes `INTERNAL-01`. */
  static fromData(data: ErrorData): StationError {
    if (isErrorCode(data.code)) return new StationError(data.code, data.params);
    return new StationError('INTERNAL-01', { detail: `unlisted code ${data.code}` });
  }

  /** Turns anything caught into a StationError; what is not one already is a defect of ours. */
  static from(error: unknown): StationError {
    if (error instanceof StationError) return error;
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return new StationError('INTERNAL-01', { detail }, { cause: error });
  }
}

/** An error's texts in another language, for a window whose language differs from the sender's. */
export function translate(data: ErrorData, language: Language): ErrorData {
  return isErrorCode(data.code) ? StationError.fromData(data).toData(language) : data;
}
