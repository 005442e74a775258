import { z } from 'zod';

/**
 * A secret on its way from a person to the station: UTF-8 bytes, because bytes can be zeroed.
 * The receiver zeroes the array as soon as it has been used.
 */
export const secretBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 1024, {
  error: 'is too long for a PIN or password',
});

const nothing = z.strictObject({});

/** The commands that carry secrets for what comes next. */
export const secretCommands = {
  /** Holds a secret for the next enrollment only; the window forgets it at once. */
  'credentials.hold': {
    input: z.strictObject({
      purpose: z.enum([
        'http-password',
        'proxy-password',
        'tls-key-passphrase',
        'keystore-passphrase',
      ]),
      secret: secretBytes,
    }),
    output: nothing,
  },
  /** Answers `secret.wanted`: the PIN (UTF-8) for this one use of a key, or null to decline. */
  'secret.give': {
    input: z.strictObject({ id: z.string().max(64), secret: secretBytes.nullable() }),
    output: nothing,
  },
  'credentials.forget': { input: nothing, output: nothing },
} as const;
