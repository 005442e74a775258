import { z } from 'zod';
import { errorData } from './errors/station-error.ts';
import { noticeData } from './notices.ts';

/** The states of an enrollment, in the order of the ordinary way, then the ways it can end. */
export const enrollmentStates = [
  'planned',
  'token-ready',
  'trusted',
  'attributes-known',
  'key-made',
  'authenticated',
  'signed',
  'submitted',
  'pending',
  'issued',
  'stored',
  'verified',
  'done',
  'refused',
  'failed',
  'issued-not-stored',
  'outcome-unknown',
  'cancelled',
] as const;

export type EnrollmentState = (typeof enrollmentStates)[number];

/** The steps a person watches; each is named by the state it reaches. */
export const enrollmentSteps = [
  'token-ready',
  'trusted',
  'attributes-known',
  'key-made',
  'authenticated',
  'signed',
  'submitted',
  'issued',
  'stored',
  'verified',
] as const satisfies readonly EnrollmentState[];

export type EnrollmentStep = (typeof enrollmentSteps)[number];

/** States whose record must be on the disk before the station goes on (architecture rule 1). */
export const durableStates: ReadonlySet<EnrollmentState> = new Set([
  'trusted',
  'submitted',
  'issued',
  'done',
  'refused',
  'failed',
  'issued-not-stored',
  'outcome-unknown',
  'cancelled',
]);

/** States after which nothing more happens by itself. */
export const finalStates: ReadonlySet<EnrollmentState> = new Set([
  'done',
  'refused',
  'failed',
  'issued-not-stored',
  'outcome-unknown',
  'cancelled',
]);

/** A certificate as a person reads it. Times are ISO 8601 in UTC; fingerprint is SHA-256 of the DER, upper-case hex. */
export const certificateSummary = z.strictObject({
  subject: z.string().max(4096),
  issuer: z.string().max(4096),
  serialNumber: z.string().max(128),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  fingerprint: z.string().regex(/^[0-9A-F]{64}$/),
  publicKey: z.string().max(64),
  subjectAltNames: z.array(z.string().max(512)).max(256),
  pem: z.string().max(131_072),
});

export type CertificateSummary = z.infer<typeof certificateSummary>;

export const keystoreSummary = z.strictObject({
  kind: z.enum(['pkcs11', 'software']),
  /** Label and serial of the token, or the folder of a software keystore. */
  token: z.string().max(4096),
  alias: z.string().max(128),
  /** Whether the key was made on the token and cannot leave it; null when nothing was made. */
  generatedThere: z.boolean().nullable(),
});

export const stepTiming = z.strictObject({
  name: z.enum(enrollmentSteps),
  ms: z.number().nonnegative(),
});

/** The record of one enrollment: the JSON of `enroll --json`, and what the window shows as result. */
export const enrollmentRecord = z.strictObject({
  schemaVersion: z.literal(1),
  enrollmentId: z.string().max(64),
  operation: z.enum(['enroll', 'reenroll', 'serverkeygen', 'fullcmc']),
  profile: z.string().max(120),
  state: z.enum(enrollmentStates),
  startedAt: z.iso.datetime(),
  server: z.string().max(400),
  certificate: certificateSummary.nullable(),
  caCertificates: z.array(certificateSummary).max(1024),
  keystore: keystoreSummary.nullable(),
  /** What deserves a person's eye although nothing failed, in words. */
  warnings: z.array(noticeData).max(64),
  /** Seconds to wait before asking again, when pending. */
  retryAfterSeconds: z.number().int().nonnegative().nullable(),
  error: errorData.nullable(),
  steps: z.array(stepTiming).max(64),
  totalMs: z.number().nonnegative(),
});

export type EnrollmentRecord = z.infer<typeof enrollmentRecord>;

/** One news item of a running enrollment. */
export const enrollmentProgress = z.strictObject({
  enrollmentId: z.string().max(64),
  state: z.enum(enrollmentStates),
  /** The step being worked on, or null when the enrollment has ended. */
  working: z.enum(enrollmentSteps).nullable(),
  steps: z.array(stepTiming).max(64),
  elapsedMs: z.number().nonnegative(),
});

export type EnrollmentProgress = z.infer<typeof enrollmentProgress>;
