import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import { type ErrorParams, StationError } from '../../shared/errors/station-error.ts';
import { MalformedDer } from './der.ts';

/** Runs a reader; what is malformed becomes a StationError of this code with the reason as `detail`. */
export function reading<Result>(
  code: ErrorCode,
  read: () => Result,
  params: ErrorParams = {},
): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedDer) {
      throw new StationError(code, { ...params, detail: error.message }, { cause: error });
    }
    throw error;
  }
}
