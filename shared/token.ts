import { z } from 'zod';

/** How close a PIN is to being locked; PKCS#11 gives flags, never a number. */
export const pinStates = ['ok', 'low', 'final', 'locked', 'not-set'] as const;
export type PinState = (typeof pinStates)[number];

/** A token as the station shows it. Text fields are trimmed of the padding PKCS#11 prescribes. */
export const tokenInfo = z.strictObject({
  module: z.string().max(4096),
  /** Slot number at the time of reading; it changes when a token is initialised or replugged. */
  slot: z.number().int().nonnegative(),
  slotDescription: z.string().max(64),
  initialised: z.boolean(),
  label: z.string().max(32),
  serial: z.string().max(16),
  /** False for a serial of zeros or blanks, which many tokens share. */
  serialUnique: z.boolean(),
  manufacturer: z.string().max(32),
  model: z.string().max(16),
  pinState: z.enum(pinStates),
  /** The same of the SO PIN; its flags mean nothing before the token is initialised: `not-set` then. */
  soPinState: z.enum(pinStates),
  /** The PIN is typed on the reader, not here (CKF_PROTECTED_AUTHENTICATION_PATH). */
  pinPad: z.boolean(),
  writeProtected: z.boolean(),
  minPinLength: z.number().int().nonnegative(),
  maxPinLength: z.number().int().nonnegative(),
  /** Key parameter sets this token can generate, by its mechanism list. */
  canGenerate: z.array(z.string().max(32)).max(16),
  /** Signature algorithms this token can make, with a key of their kind, by its mechanism list. */
  canSign: z.array(z.string().max(32)).max(32),
});

export type TokenInfo = z.infer<typeof tokenInfo>;

/** Names one token: by serial, by label, or both. */
export interface TokenSelector {
  readonly serial?: string | undefined;
  readonly label?: string | undefined;
}
