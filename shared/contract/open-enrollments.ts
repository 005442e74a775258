import { z } from 'zod';
import { enrollmentRecord } from '../enrollment.ts';
import { profileSchema } from '../profile.ts';

/** One enrollment in the list, with what can be done about it. */
export const openEnrollment = z.strictObject({
  record: enrollmentRecord,
  /** The settings it was begun with; null when the journal has none and no saved profile fits. */
  profile: profileSchema.nullable(),
  /** When a pending one may ask again, by the server's last answer; null for any other. */
  dueAt: z.iso.datetime().nullable(),
  /** The station asks again by itself at `dueAt`: it holds everything it needs. */
  automatic: z.boolean(),
});

/** What is known of a request whose answer was lost. */
export const unknownOutcome = z.strictObject({
  /** Identifier of the key, as the audit chain names it. */
  publicKey: z.string().max(256).nullable(),
  /** Subject that was asked for, RFC 4514; a server that generates the key knows the request by nothing else. */
  subject: z.string().max(4096).nullable(),
  /** When the request went out. */
  submittedAt: z.iso.datetime().nullable(),
  /** The request that went out, PKCS#10 DER in base64. */
  request: z.string().max(200_000).nullable(),
});
