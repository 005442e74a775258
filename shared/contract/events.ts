import { z } from 'zod';
import { enrollmentProgress, enrollmentRecord } from '../enrollment.ts';
import { errorData } from '../errors/station-error.ts';
import { tokenInfo } from '../token.ts';
import { tokenChange } from '../token-changes.ts';

/** Every event the station tells its window, by name. */
export const events = {
  'enrollment.progress': enrollmentProgress,
  'enrollment.ended': enrollmentRecord,
  /** What is in the slots of the watched module: told once at first, then at each change. */
  'tokens.changed': z.strictObject({
    module: z.string().max(4096),
    tokens: z.array(tokenInfo).max(256),
    changes: z.array(tokenChange).max(512),
    /** Why the module could not be looked at; the tokens are those of the last good look then. */
    error: errorData.nullable(),
  }),
  /** The station's end of the connection is going away. */
  'station.closing': z.strictObject({}),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>;
