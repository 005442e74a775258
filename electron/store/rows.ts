import type { z } from 'zod';
import { StationError } from '../../shared/errors/station-error.ts';

/**
 * Checks what the database gives back: the file may have been altered from outside.
 * @param name what the row is called to a person
 * @throws StationError STORE-03
 */
export function readRow<Row>(
  path: string,
  name: string,
  schema: z.ZodType<Row>,
  read: () => unknown,
): Row {
  let value: unknown;
  try {
    value = read();
  } catch (cause) {
    throw new StationError('STORE-03', { path, detail: `${name} is not JSON` }, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const detail = `${name} does not have its form`;
  throw new StationError('STORE-03', { path, detail }, { cause: result.error });
}
