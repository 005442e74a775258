import { z } from 'zod';
import { tokenInfo } from './token.ts';

/** Octets of memory; null where the token does not say. */
const memory = z.number().int().nonnegative().nullable();

/** What a token can do, by its own account. */
export const tokenDetails = z.strictObject({
  token: tokenInfo,
  /** Names of CK_TOKEN_INFO's flags, `CKF_…`. */
  flags: z.array(z.string().max(64)).max(32),
  freePublicMemory: memory,
  freePrivateMemory: memory,
  hardwareVersion: z.string().max(16),
  firmwareVersion: z.string().max(16),
  mechanisms: z
    .array(
      z.strictObject({
        /** `CKM_…`, or its number in hexadecimal where PKCS#11 v2.40 has no name for it. */
        name: z.string().max(64),
        /** As the token tells them: bits or octets, and 0 where it says nothing. */
        minKeySize: z.number().int().nonnegative(),
        maxKeySize: z.number().int().nonnegative(),
      }),
    )
    .max(1024),
});
export type TokenDetails = z.infer<typeof tokenDetails>;
