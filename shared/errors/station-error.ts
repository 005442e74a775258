import { z } from 'zod';
import { boundedParameters, fillText, type TextParameters } from '../text-parameters.ts';
import { catalogue, type ErrorCode, isErrorCode } from './catalogue.ts';
import { type ExitName, exitCodes } from './entry.ts';

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

/**
 * The one error type of the product. Everything a person may meet is thrown as one of these;
 * any other exception is a defect and reaches the person as `INTERNAL-01`.
 */
export class StationError extends Error {
  readonly code: ErrorCode;
  readonly params: TextParameters;

  constructor(code: ErrorCode, params: TextParameters = {}, options?: { cause?: unknown }) {
    const clean = boundedParameters(params);
    super(fillText(catalogue[code].en.what, clean), options);
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
      message: fillText(entry[language].what, this.params),
      cause: fillText(entry[language].why, this.params),
      waysOut: entry[language].waysOut.map((way) => fillText(way, this.params)),
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
