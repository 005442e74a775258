import { z } from 'zod';
import { errorData } from './errors/station-error.ts';

/** What a PKCS#11 module says of itself (CK_INFO), or why it cannot be used. */
export const moduleProbe = z.discriminatedUnion('usable', [
  z.strictObject({
    usable: z.literal(true),
    manufacturer: z.string().max(32),
    library: z.string().max(32),
    /** The library's own version, `2.6`. */
    version: z.string().max(16),
    /** Version of PKCS#11 it speaks, `2.40`. */
    cryptoki: z.string().max(16),
    /** Tokens in its slots now, blank ones too. */
    tokens: z.number().int().nonnegative(),
  }),
  z.strictObject({ usable: z.literal(false), error: errorData }),
]);
export type ModuleProbe = z.infer<typeof moduleProbe>;

/** A PKCS#11 module of this computer. */
export const moduleEntry = z.strictObject({
  /** Its product's name; empty for a file a person chose. */
  name: z.string().max(64),
  /** Absolute path. */
  path: z.string().max(4096),
  /** What C_Initialize of this product wants to be told, with `<…>` to fill in; null for most. */
  libraryParameters: z.string().max(256).nullable(),
  /** Null where it was not loaded. */
  probe: moduleProbe.nullable(),
});
export type ModuleEntry = z.infer<typeof moduleEntry>;
