import { z } from 'zod';
import { enrollmentProgress, enrollmentRecord } from '../enrollment.ts';
import { errorData } from '../errors/station-error.ts';
import { pinStates, tokenInfo } from '../token.ts';
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
  /** A key wants the PIN for the use that is under way; `secret.give` answers, once. */
  'secret.wanted': z.strictObject({
    id: z.string().max(64),
    purpose: z.literal('key-use'),
    /** The token, by its label and serial. */
    label: z.string().max(32),
    serial: z.string().max(16),
    pinState: z.enum(pinStates),
  }),
  /** Nobody waits for that answer any more. */
  'secret.settled': z.strictObject({ id: z.string().max(64) }),
  /** The station's end of the connection is going away. */
  'station.closing': z.strictObject({}),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>;
