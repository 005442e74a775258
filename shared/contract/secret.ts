import { z } from 'zod';

/**
 * A secret on its way from a person to the station: UTF-8 bytes, because bytes can be zeroed.
 * The receiver zeroes the array as soon as it has been used.
 */
export const secretBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 1024, {
  error: 'is too long for a PIN or password',
});

const nothing = z.strictObject({});

/** The passphrase of a software keystore, named by its folder. */
const passphrase = {
  purpose: z.enum(['keystore-passphrase', 'tls-key-passphrase']),
  path: z.string().min(1).max(4096),
};

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
  /** Whether this host can keep a passphrase where the operating system protects it, and has kept this one. */
  'secrets.kept': {
    input: z.strictObject(passphrase),
    output: z.strictObject({ available: z.boolean(), kept: z.boolean() }),
  },
  /** Keeps a passphrase on this computer by a person's wish; where nothing protects it: SECRET-03. Never a PIN. */
  'secrets.remember': {
    input: z.strictObject({ ...passphrase, secret: secretBytes }),
    output: nothing,
  },
  'secrets.forget': { input: z.strictObject(passphrase), output: nothing },
} as const;
