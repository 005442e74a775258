import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { TextParameters } from '../../shared/text-parameters.ts';
import { MalformedDer } from './der.ts';

/** Runs a reader; what is malformed becomes a StationError of this code with the reason as `detail`. */
export function reading<Result>(
  code: ErrorCode,
  read: () => Result,
  params: TextParameters = {},
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
