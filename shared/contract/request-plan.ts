import { z } from 'zod';
import { noticeData } from '../notices.ts';

/** One line of the request's plan. */
const planLine = z.strictObject({
  about: z.enum(['subject', 'subjectAltNames', 'key', 'signature', 'extension', 'other']),
  oid: z.string().max(300),
  asked: z.string().max(1024),
  profile: z.string().max(1024),
  sent: z.string().max(1024),
  verdict: z.enum(['same', 'followed', 'kept', 'left-out']),
});

/** What a server asks for in its csrattrs, in words the review page can show. */
export const serverWishes = z.strictObject({
  asksForPop: z.boolean(),
  key: z.string().max(64).nullable(),
  signatureAlgorithm: z.string().max(64).nullable(),
  oids: z.array(z.string().max(128)).max(256),
  /** The server gave a template (RFC 9908), and it alone counts. */
  template: z.boolean(),
  /** What the server asks, what the profile says, what will be sent, line by line. */
  plan: z.array(planLine).max(256),
  /** Names the template leaves open and nobody has filled in. */
  missing: z.array(z.string().max(128)).max(64),
  /** What is odd about the answer; it counts all the same. */
  warnings: z.array(noticeData).max(16),
});

/** Values for names a server's template leaves open, by keyword or dotted OID: `serialNumber`, `DNS`. */
export const fill = z
  .record(
    z.string().regex(/^(?:[A-Za-z][A-Za-z0-9.-]{0,63}|\d[\d.]{0,127})$/),
    z.string().min(1).max(512),
  )
  .refine((values) => Object.keys(values).length <= 64, { error: 'holds too many values' })
  .default({});
