import { z } from 'zod';
import { errorData } from '../../../shared/errors/station-error.ts';
import { noticeData } from '../../../shared/notices.ts';
import { allSignatureAlgorithms, keyParameterSets } from '../../../shared/profile.ts';
import { tokenInfo } from '../../../shared/token.ts';
import { tokenDetails } from '../../../shared/token-details.ts';

const alias = z.string().min(1).max(256);
const bytes = (longest: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= longest, {
    error: 'must be bytes, and not too many',
  });
const pin = bytes(1024);
/** 64 KiB: no certificate or public key on a token is larger. */
const der = bytes(65_536);
const nothing = z.null();

const keyParameterSet = z.enum(keyParameterSets);
const signatureAlgorithm = z.enum(allSignatureAlgorithms);
const selector = z.strictObject({
  serial: z.string().max(64).optional(),
  label: z.string().max(64).optional(),
});

const keyDescription = z.strictObject({
  alias,
  spki: der,
  id: z.string().max(128),
  generatedThere: z.boolean(),
  notes: z.array(noticeData).max(16).readonly(),
});

const entry = z.strictObject({
  alias,
  key: keyDescription.nullable(),
  certificate: der.nullable(),
});

const definitions = {
  /** Loads the module and calls C_Initialize. `idleMs`: the host ends after so long without a call. */
  start: {
    input: z.strictObject({
      module: z.string().min(1).max(4096),
      libraryParameters: z.string().max(4096).nullable(),
      idleMs: z.number().int().positive().max(86_400_000),
    }),
    result: nothing,
  },
  'module-info': {
    input: nothing,
    result: z.strictObject({
      manufacturer: z.string().max(32),
      library: z.string().max(32),
      version: z.string().max(16),
      cryptoki: z.string().max(16),
    }),
  },
  'list-tokens': { input: nothing, result: z.array(tokenInfo).max(1024) },
  'describe-tokens': { input: nothing, result: z.array(tokenDetails).max(1024) },
  /** The tokens after the module was started anew; only for a process without a session. */
  'look-again': { input: nothing, result: z.array(tokenInfo).max(1024) },
  'initialise-token': {
    input: z.strictObject({
      slot: z.number().int().nonnegative().nullable(),
      serial: z.string().max(64).nullable(),
      label: z.string().max(64),
      soPin: pin,
      pin,
      destroyExisting: z.string().max(64).nullable(),
      finalTryConfirmed: z.boolean(),
    }),
    result: tokenInfo,
  },
  /** Another user PIN or SO PIN for the present one. With a PIN pad both are empty. */
  'change-pin': {
    input: selector.extend({
      who: z.enum(['user', 'so']),
      oldPin: pin,
      newPin: pin,
      finalTryConfirmed: z.boolean(),
    }),
    result: tokenInfo,
  },
  /** A new user PIN by the SO PIN. With a PIN pad both are empty. */
  'reset-pin': {
    input: selector.extend({ soPin: pin, newPin: pin, finalTryConfirmed: z.boolean() }),
    result: tokenInfo,
  },
  /** Finds the token and opens a session with it. */
  open: { input: selector, result: tokenInfo },
  /** The operator's one login. `pin` null: it is typed on the reader. */
  login: {
    input: z.strictObject({ pin: pin.nullable(), finalTryConfirmed: z.boolean() }),
    result: nothing,
  },
  'generate-key-pair': {
    input: z.strictObject({ alias, parameterSet: keyParameterSet }),
    result: keyDescription,
  },
  /** `pkcs8`: PrivateKeyInfo, DER, in clear; whoever receives it zeroes it. */
  'import-key-pair': {
    input: z.strictObject({ alias, pkcs8: bytes(16_384) }),
    result: keyDescription,
  },
  sign: {
    input: z.strictObject({
      alias,
      algorithm: signatureAlgorithm,
      data: bytes(1_048_576),
      /** For a key that wants the PIN at each use. */
      pin: pin.nullable(),
    }),
    result: bytes(4096),
  },
  'signature-algorithms': {
    input: z.strictObject({ alias }),
    result: z.array(signatureAlgorithm).max(32),
  },
  'asks-at-use': { input: z.strictObject({ alias }), result: z.boolean() },
  entries: { input: nothing, result: z.array(entry).max(1024) },
  'store-certificate': { input: z.strictObject({ alias, der }), result: nothing },
  rename: { input: z.strictObject({ from: alias, to: alias }), result: nothing },
  remove: { input: z.strictObject({ alias }), result: nothing },
  /** Logs out, closes the session and finalises the module. */
  close: { input: nothing, result: nothing },
};

export type CallName = keyof typeof definitions;
type Inputs = { [N in CallName]: z.infer<(typeof definitions)[N]['input']> };
type Results = { [N in CallName]: z.infer<(typeof definitions)[N]['result']> };
export type CallInput<N extends CallName> = Inputs[N];
export type CallResult<N extends CallName> = Results[N];

/** Every call the parent can make of the key process, with the shapes both sides check. */
export const calls: {
  readonly [N in CallName]: {
    readonly input: z.ZodType<Inputs[N]>;
    readonly result: z.ZodType<Results[N]>;
  };
} = definitions;

const callNames = Object.keys(definitions) as CallName[];

export const callMessage = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.enum(callNames),
  input: z.unknown(),
});

/** The PKCS#11 function that the call `id` is about to make. */
export const functionMessage = z.strictObject({
  id: z.number().int().nonnegative(),
  function: z.string().regex(/^C_[A-Za-z]{1,40}$/),
});

export const replyMessage = z.union([
  z.strictObject({ id: z.number().int().nonnegative(), result: z.unknown() }),
  z.strictObject({ id: z.number().int().nonnegative(), error: errorData }),
]);
