import { z } from 'zod';
import { certificateSummary } from '../enrollment.ts';

/** CKA_LABEL, or the name in a software keystore. */
export const objectAlias = z.string().min(1).max(256);

/** One alias of a keystore. */
const keystoreObject = z.strictObject({
  alias: objectAlias,
  /** `id`: CKA_ID, lower-case hex; `algorithm`: e.g. `EC P-256`. */
  key: z.strictObject({ id: z.string().max(128), algorithm: z.string().max(128) }).nullable(),
  certificate: certificateSummary.nullable(),
  /** The keystore vouches that the key was made there; null without a key. */
  generatedThere: z.boolean().nullable(),
  /** The enrollment that still needs this key: it can neither be renamed nor deleted. */
  neededBy: z.string().max(64).nullable(),
});

/** Everything a keystore holds under an alias. */
export const keystoreObjects = z.strictObject({
  keystore: z.string().max(4096),
  objects: z.array(keystoreObject).max(3072),
});

/** What is exported, and how. */
export const exportForm = z.union([
  z.strictObject({
    what: z.enum(['certificate', 'public-key']),
    format: z.enum(['pem', 'der']),
  }),
  z.strictObject({ what: z.literal('chain'), format: z.enum(['pem', 'p7']) }),
]);

/** A file made of an object: no private key ever. */
export const exportedObject = z.strictObject({
  content: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 2_097_152, {
    error: 'is too large',
  }),
  extension: z.enum(['pem', 'cer', 'der', 'p7c']),
});
