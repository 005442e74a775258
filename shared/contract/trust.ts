import { z } from 'zod';
import { certificateSummary } from '../enrollment.ts';
import { noticeData } from '../notices.ts';

const server = z.string().max(400);
const fingerprint = z.string().max(64);

export const trustOffer = z.strictObject({
  offerId: z.string().max(64),
  server,
  /** The root the server's own certificate leads to. */
  root: certificateSummary,
  /** SHA-256 of the root, sixteen groups of four. */
  groups: z.array(z.string().length(4)).length(16),
  /** A fingerprint already in the profile; then the comparison is the station's, not the person's. */
  expected: fingerprint.nullable(),
  otherCertificates: z.array(certificateSummary).max(1024),
});

const anchor = z.strictObject({
  certificate: certificateSummary,
  kind: z.enum(['explicit', 'implicit']),
  source: z.string().max(64),
  confirmedBy: z.string().max(256),
  confirmedAt: z.iso.datetime(),
  /** SHA-256 of the anchor it succeeds (RFC 7030 §4.1.3); null when it stands for itself. */
  successorOf: fingerprint.nullable(),
});

export const trustState = z.strictObject({ server, anchors: z.array(anchor).max(256) });

/** One server on the trust screen: its explicit anchors, and what saved profiles bring along for it. */
export const trustedServer = z.strictObject({
  ...trustState.shape,
  /** The implicit database (RFC 7030 §3.6.2): it only counts for the first connection. */
  profiles: z
    .array(
      z.strictObject({
        name: z.string().max(120),
        /** caRootCertificate of the profile. */
        root: certificateSummary.nullable(),
        /** caRootFingerprint of the profile. */
        fingerprint: fingerprint.nullable(),
      }),
    )
    .max(1000),
});

/** What a server offers now, held against what is trusted. */
export const trustReport = z.strictObject({
  state: trustState,
  offered: z
    .array(
      z.strictObject({
        certificate: certificateSummary,
        standing: z.enum(['trusted', 'below', 'vouched-for', 'unproven', 'other']),
      }),
    )
    .max(1024),
  warnings: z.array(noticeData).max(64),
});
