import { z } from 'zod';
import { certificateSummary, enrollmentRecord } from '../enrollment.ts';
import { errorData } from '../errors/station-error.ts';
import { moduleEntry } from '../pkcs11-module.ts';
import { keystoreSelection, profileSchema } from '../profile.ts';
import { tokenInfo } from '../token.ts';
import { tokenDetails } from '../token-details.ts';
import { exportedObject, exportForm, keystoreObjects, objectAlias } from './objects.ts';
import { openEnrollment, unknownOutcome } from './open-enrollments.ts';
import { fill, serverWishes } from './request-plan.ts';
import { secretBytes, secretCommands } from './secret.ts';
import { trustedServer, trustOffer, trustReport, trustState } from './trust.ts';

/** What the window must know about the station it belongs to. */
export const stationDescription = z.strictObject({
  version: z.string().max(64),
  /** `electron` or `chromium`: which host shows the window. */
  host: z.enum(['electron', 'chromium']),
  operator: z.string().max(256),
  station: z.string().max(256),
  dataFolder: z.string().max(4096),
  /** Present in practice mode: the built-in server, and what a trainee was told out of band. */
  practice: z
    .strictObject({
      endpoint: z.string().max(300),
      caFingerprint: z.string().max(64),
      username: z.string().max(256),
    })
    .nullable(),
});

/** One problem of a profile, for the field it belongs to. */
export const profileProblem = z.strictObject({
  path: z.string().max(256),
  message: z.string().max(1000),
  /** The catalogue's error, where one names the problem; it can be told in every language. */
  error: errorData.nullable(),
});

export const journalLine = z.strictObject({
  sequence: z.number().int(),
  enrollmentId: z.string().max(64),
  phase: z.enum(['before', 'after']),
  state: z.string().max(32),
  at: z.iso.datetime(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const nothing = z.strictObject({});

/** One token by all that tells it from others. */
const namedToken = {
  module: z.string().min(1).max(4096),
  serial: z.string().max(16),
  label: z.string().max(32),
};

/** A file a person chose: a certificate with its issuers is some kilobytes. */
const fileBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 65_536, {
  error: 'is too large for a certificate',
});

const enrollmentId = z.string().max(64);
const started = z.strictObject({ enrollmentId });

/**
 * Every command the window can give, by name: what goes in, what comes out.
 * Channel names, types, validation on both sides and the preload's surface derive from this table alone.
 */
export const commands = {
  'station.describe': { input: nothing, output: stationDescription },
  'profiles.list': { input: nothing, output: z.array(profileSchema).max(1000) },
  'profiles.check': {
    input: z.strictObject({ profile: z.unknown() }),
    output: z.discriminatedUnion('valid', [
      z.strictObject({ valid: z.literal(true), profile: profileSchema }),
      z.strictObject({ valid: z.literal(false), problems: z.array(profileProblem).max(100) }),
    ]),
  },
  'profiles.save': { input: z.strictObject({ profile: profileSchema }), output: nothing },
  /** The well-known PKCS#11 modules of this computer; `probe` loads each in a process of its own. */
  'modules.list': {
    input: z.strictObject({ probe: z.boolean() }),
    output: z.array(moduleEntry).max(64),
  },
  /** Loads a module a person chose as a file. */
  'modules.probe': {
    input: z.strictObject({
      module: z.string().min(1).max(4096),
      libraryParameters: z.string().min(1).max(1024).nullable(),
    }),
    output: moduleEntry,
  },
  'tokens.list': {
    input: z.strictObject({ module: z.string().min(1).max(4096) }),
    output: z.array(tokenInfo).max(256),
  },
  /** Watches the tokens of these modules, and of no other, by `tokens.changed`; none ends it. */
  'tokens.watch': {
    input: z.strictObject({ modules: z.array(z.string().min(1).max(4096)).max(32) }),
    output: nothing,
  },
  /** All that the tokens of a module say of themselves. */
  'tokens.describe': {
    input: z.strictObject({ module: z.string().min(1).max(4096) }),
    output: z.array(tokenDetails).max(256),
  },
  /** Says beforehand what of an enrollment with this profile its token cannot do; needs no PIN. */
  'tokens.check': {
    input: z.strictObject({ profile: profileSchema }),
    output: z.strictObject({ token: tokenInfo, findings: z.array(errorData).max(8) }),
  },
  /** Initialises a token. One in use is refused (TOKEN-11) unless its label or serial is given. */
  'tokens.initialise': {
    input: z.strictObject({
      module: z.string().min(1).max(4096),
      slot: z.number().int().nonnegative(),
      label: z.string().min(1).max(32),
      soPin: secretBytes,
      pin: secretBytes,
      /** Its present label or serial, as a person typed it: what the token holds may be destroyed. */
      destroyExisting: z.string().max(32).nullable().default(null),
      finalTryConfirmed: z.boolean().default(false),
    }),
    output: tokenInfo,
  },
  /** Another user PIN or SO PIN for the present one; with a PIN pad all are empty. */
  'tokens.changePin': {
    input: z.strictObject({
      ...namedToken,
      who: z.enum(['user', 'so']),
      oldPin: secretBytes,
      newPin: secretBytes,
      finalTryConfirmed: z.boolean(),
    }),
    output: tokenInfo,
  },
  /** Sets the user PIN anew with the SO PIN: also of a token whose PIN is locked. */
  'tokens.resetPin': {
    input: z.strictObject({
      ...namedToken,
      soPin: secretBytes,
      newPin: secretBytes,
      finalTryConfirmed: z.boolean(),
    }),
    output: tokenInfo,
  },
  /** Gives the PIN to the token once; the opened token stays usable for the following enrollment. */
  'tokens.unlock': {
    input: z.strictObject({
      module: z.string().min(1).max(4096),
      serial: z.string().max(16),
      label: z.string().max(32),
      pin: secretBytes,
      /** The person has seen that this is the last try. */
      finalTryConfirmed: z.boolean(),
    }),
    output: z.strictObject({ token: tokenInfo }),
  },
  /** What a keystore holds; a token is read without its PIN. */
  'objects.list': {
    input: z.strictObject({ keystore: keystoreSelection }),
    output: keystoreObjects,
  },
  /** Needs the token unlocked, as deleting does. */
  'objects.rename': {
    input: z.strictObject({ keystore: keystoreSelection, alias: objectAlias, to: objectAlias }),
    output: nothing,
  },
  /** `confirmed` is what a person typed: the alias itself, or nothing is deleted (OBJECT-02). */
  'objects.delete': {
    input: z.strictObject({
      keystore: keystoreSelection,
      alias: objectAlias,
      confirmed: z.string().max(256),
    }),
    output: nothing,
  },
  'objects.export': {
    input: z.strictObject({ keystore: keystoreSelection, alias: objectAlias, form: exportForm }),
    output: exportedObject,
  },
  /** Fetches /cacerts over a provisional connection, which is dropped (RFC 7030 §4.1.1). */
  'trust.fetch': { input: z.strictObject({ profile: profileSchema }), output: trustOffer },
  /** Trusts the offered root if the fingerprint a person typed, scanned or pasted is the same. */
  'trust.confirm': {
    input: z.strictObject({ offerId: z.string().max(64), fingerprint: z.string().max(200) }),
    output: trustState,
  },
  'trust.decline': { input: z.strictObject({ offerId: z.string().max(64) }), output: nothing },
  'trust.show': { input: z.strictObject({ profile: profileSchema }), output: trustState },
  /** Every server with a trust anchor or a saved profile. */
  'trust.list': { input: nothing, output: z.array(trustedServer).max(2000) },
  /** Asks the server for its CA certificates over a verified connection and follows a rollover. */
  'trust.refresh': { input: z.strictObject({ profile: profileSchema }), output: trustReport },
  /** Trusts a new root the server offers; the fingerprint is what a person was told. */
  'trust.confirmOffered': {
    input: z.strictObject({ profile: profileSchema, fingerprint: z.string().max(200) }),
    output: trustState,
  },
  'trust.remove': {
    input: z.strictObject({ server: z.string().max(400), fingerprint: z.string().max(200) }),
    output: nothing,
  },
  /** Reads a certificate file (PEM or DER) without trusting anything. */
  'trust.readFile': {
    input: z.strictObject({ content: fileBytes }),
    output: z.array(certificateSummary).max(64),
  },
  /** Makes the certificate with this fingerprint, out of a file, an anchor of the server. */
  'trust.import': {
    input: z.strictObject({
      server: profileSchema.shape.server,
      content: fileBytes,
      fingerprint: z.string().max(200),
    }),
    output: trustState,
  },
  ...secretCommands,
  /** Reads /csrattrs over a verified connection, so that the review can show the server's wishes. */
  'enrollment.wishes': {
    input: z.strictObject({
      profile: profileSchema,
      /** The plan for a person who agrees to what the server asks. */
      followServer: z.boolean().default(false),
      fill,
    }),
    output: serverWishes,
  },
  /** Starts an enrollment; progress arrives as events, the end as `enrollment.ended`. */
  'enrollment.start': {
    input: z.strictObject({
      profile: profileSchema,
      operation: z.enum(['enroll', 'reenroll']),
      /** The person accepts that credentials go to a server whose name is not checked (PROFILE-07). */
      unverifiedNameConfirmed: z.boolean().default(false),
      /** The person agrees to what the server asks, even where it is weaker than the profile. */
      followServer: z.boolean().default(false),
      fill,
    }),
    output: started,
  },
  /** The newest enrollments first, with what a person can do about those that are open. */
  'enrollment.list': {
    input: z.strictObject({ limit: z.number().int().min(1).max(200) }),
    output: z.array(openEnrollment).max(200),
  },
  /** Asks again for what the server put off, or sends once more what may be lost, by a person's word. */
  'enrollment.resume': {
    input: z.strictObject({
      enrollmentId,
      /** As for `enrollment.start`. */
      unverifiedNameConfirmed: z.boolean().default(false),
    }),
    output: started,
  },
  /** What a person needs to ask a CA's operator about a request whose answer was lost. */
  'enrollment.unknown': { input: z.strictObject({ enrollmentId }), output: unknownOutcome },
  /** Stores a certificate a CA's operator found (PEM or DER, among others). */
  'enrollment.adopt': {
    input: z.strictObject({ enrollmentId, content: fileBytes }),
    output: started,
  },
  /** Gives a request whose answer was lost up. */
  'enrollment.abandon': { input: z.strictObject({ enrollmentId }), output: enrollmentRecord },
  /** Stores a certificate that was issued and not stored. */
  'enrollment.storeAgain': { input: z.strictObject({ enrollmentId }), output: enrollmentRecord },
  'enrollment.cancel': {
    input: z.strictObject({ enrollmentId }),
    output: nothing,
  },
  'enrollment.get': {
    input: z.strictObject({ enrollmentId }),
    output: enrollmentRecord.nullable(),
  },
  'journal.read': {
    input: z.strictObject({
      enrollmentId: z.string().max(64).nullable(),
      limit: z.number().int().min(1).max(1000),
    }),
    output: z.array(journalLine).max(1000),
  },
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<Name extends CommandName> = z.input<(typeof commands)[Name]['input']>;
export type CommandOutput<Name extends CommandName> = z.output<(typeof commands)[Name]['output']>;
/** A command's input as its handler receives it: validated, defaults filled in. */
export type CommandArgument<Name extends CommandName> = z.output<(typeof commands)[Name]['input']>;
