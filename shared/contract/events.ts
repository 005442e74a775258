import { z } from 'zod';
import { enrollmentProgress, enrollmentRecord } from '../enrollment.ts';

/** Every event the station tells its window, by name. */
export const events = {
  'enrollment.progress': enrollmentProgress,
  'enrollment.ended': enrollmentRecord,
  /** The station's end of the connection is going away. */
  'station.closing': z.strictObject({}),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>;
