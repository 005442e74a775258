import { z } from 'zod';

/** Length limits keep a hostile file from becoming a hostile request; none is reached by honest use. */
const text = (longest: number) => z.string().max(longest);

/** RFC 7030 §3.2.2: the label is one path segment and must not be the name of an operation. */
export const operationNames = [
  'cacerts',
  'simpleenroll',
  'simplereenroll',
  'fullcmc',
  'serverkeygen',
  'csrattrs',
  'crls',
] as const;

const endpointProblem =
  'must be host:port without a scheme or path, for example est.example:8443 (the reference system forbids http:// and https:// here)';

/** `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; no scheme, no path, no user. */
const endpoint = text(300).refine((value) => parseEndpoint(value) !== null, {
  error: endpointProblem,
});

const label = text(128)
  .regex(/^[A-Za-z0-9._~-]+$/, { error: 'must be one path segment of letters, digits and . _ ~ -' })
  .refine((value) => !(operationNames as readonly string[]).includes(value), {
    error: 'must not be the name of an EST operation (RFC 7030 §3.2.2)',
  });

const fingerprint = text(128)
  .transform(normaliseFingerprint)
  .refine((value) => /^[0-9A-F]{64}$/.test(value), {
    error: 'must be the SHA-256 of the DER certificate: 64 hexadecimal digits',
  });

const basicUsername = text(256).regex(/^[^:\p{Cc}]*$/u, {
  error: 'must not contain a colon or a control character (RFC 7617 §2)',
});

const tokenSelector = z
  .strictObject({ serial: text(64).optional(), label: text(64).optional() })
  .refine((token) => Boolean(token.serial) || Boolean(token.label), {
    error: 'must name the token by serial or label (slot numbers change)',
  });

const pkcs11Keystore = z.strictObject({
  kind: z.literal('pkcs11'),
  module: text(4096).min(1),
  libraryParameters: text(1024).min(1).optional(),
  token: tokenSelector,
});

const softwareKeystore = z.strictObject({ kind: z.literal('software'), path: text(4096).min(1) });

export const keystoreSelection = z.discriminatedUnion('kind', [pkcs11Keystore, softwareKeystore]);

export const keyAlgorithms = ['EC', 'RSA', 'EdDSA'] as const;
export const parameterSets = {
  EC: ['prime256v1', 'secp384r1', 'secp521r1'],
  RSA: ['2048', '3072', '4096'],
  EdDSA: ['ed25519'],
} as const;
export const signatureAlgorithms = {
  EC: ['SHA256WITHECDSA', 'SHA384WITHECDSA', 'SHA512WITHECDSA'],
  /** With MGF1 it is RSASSA-PSS, the salt as long as the hash. */
  RSA: [
    'SHA256WITHRSA',
    'SHA384WITHRSA',
    'SHA512WITHRSA',
    'SHA256WITHRSAANDMGF1',
    'SHA384WITHRSAANDMGF1',
    'SHA512WITHRSAANDMGF1',
  ],
  EdDSA: ['ED25519'],
} as const;
export const keyParameterSets = [
  ...parameterSets.EC,
  ...parameterSets.RSA,
  ...parameterSets.EdDSA,
] as const;
export const allSignatureAlgorithms = [
  ...signatureAlgorithms.EC,
  ...signatureAlgorithms.RSA,
  ...signatureAlgorithms.EdDSA,
] as const;

const request = z
  .strictObject({
    subject: text(1024).min(1),
    subjectAltNames: z
      .array(
        text(512).regex(/^(DNS|IP|email|URI):.+$/, {
          error: 'must be DNS:…, IP:…, email:… or URI:…',
        }),
      )
      .max(32)
      .default([]),
    keyAlgorithm: z.enum(keyAlgorithms).default('EC'),
    keyParameterSet: z.enum(keyParameterSets).default('prime256v1'),
    signatureAlgorithm: z.enum(allSignatureAlgorithms).default('SHA256WITHECDSA'),
    followServer: z.enum(['never', 'stronger', 'ask']).default('ask'),
  })
  .check((context) => {
    const { keyAlgorithm, keyParameterSet, signatureAlgorithm } = context.value;
    const sets: readonly string[] = parameterSets[keyAlgorithm];
    const signatures: readonly string[] = signatureAlgorithms[keyAlgorithm];
    if (!sets.includes(keyParameterSet)) {
      context.issues.push({
        code: 'custom',
        path: ['keyParameterSet'],
        input: keyParameterSet,
        message: `does not belong to ${keyAlgorithm}: choose ${sets.join(', ')}`,
      });
    }
    if (!signatures.includes(signatureAlgorithm)) {
      context.issues.push({
        code: 'custom',
        path: ['signatureAlgorithm'],
        input: signatureAlgorithm,
        message: `does not belong to ${keyAlgorithm}: choose ${signatures.join(', ')}`,
      });
    }
  });

const judgement = z.enum(['accept', 'warn', 'refuse']).default('warn');

/** What happens when the issued certificate differs from the request. */
const issued = z.strictObject({
  subject: judgement,
  subjectAltNames: judgement,
  keyUsage: judgement,
  extendedKeyUsage: judgement,
  extensions: judgement,
  validity: judgement,
  minValidityDays: z.int().min(0).max(36_500).default(0),
  maxValidityDays: z.int().min(1).max(36_500).nullable().default(null),
});

/** How a key that the server generates travels, beyond TLS (RFC 7030 §4.4.1). */
const serverKeyGeneration = z
  .strictObject({
    encryption: z.enum(['none', 'asymmetric', 'symmetric']).default('none'),
    keystore: softwareKeystore.nullable().default(null),
    alias: text(128).min(1).default('client-auth-certs'),
    keyEncryptionKeyId: text(256)
      .regex(/^(?:[0-9A-Fa-f]{2})+$/, { error: 'must be an even number of hexadecimal digits' })
      .nullable()
      .default(null),
  })
  .refine((keygen) => keygen.encryption !== 'asymmetric' || keygen.keystore !== null, {
    path: ['keystore'],
    error: 'must be given for asymmetric encryption: it holds the decryption key',
  })
  .refine((keygen) => keygen.encryption !== 'symmetric' || keygen.keyEncryptionKeyId !== null, {
    path: ['keyEncryptionKeyId'],
    error: 'must be given for symmetric encryption: the server finds the key by it',
  });

const milliseconds = (fallback: number, most: number) =>
  z.int().min(100).max(most).default(fallback);

const limits = z.strictObject({
  headerBytes: z.int().min(1024).max(1_048_576).default(16_384),
  bodyBytes: z.int().min(1024).max(16_777_216).default(2_097_152),
  certificates: z.int().min(1).max(1024).default(64),
  connectMs: milliseconds(10_000, 120_000),
  tlsMs: milliseconds(15_000, 120_000),
  exchangeMs: milliseconds(60_000, 600_000),
});

/**
 * A profile: everything the station must know to enroll one kind of token at one server.
 * The names are normative and follow the attributes of the Eclipse Kura EST enrollment service
 * one for one (docs/profile.md); secrets never stand in it.
 */
export const profileSchema = z
  .strictObject({
    profileVersion: z.literal(1).default(1),
    name: text(120).min(1).default('EST profile'),
    enabled: z.boolean().default(true),
    server: z.strictObject({
      endpoint,
      label: label.nullable().default(null),
      hostnameVerification: z.boolean().default(true),
      redirects: z.enum(['same-origin', 'ask']).default('ask'),
      acceptCreated: z.boolean().default(false),
      proxy: z
        .strictObject({ endpoint, username: basicUsername.nullable().default(null) })
        .nullable()
        .default(null),
    }),
    trust: z
      .strictObject({
        caRootCertificate: text(65_536).nullable().default(null),
        caRootFingerprint: fingerprint.nullable().default(null),
        caCertificateRollover: z.boolean().default(true),
        revocation: z.enum(['off', 'when-known', 'required']).default('when-known'),
      })
      .prefault({}),
    keystore: keystoreSelection,
    tlsClientAuthentication: z
      .strictObject({
        enabled: z.boolean().default(false),
        keystore: keystoreSelection.nullable().default(null),
        alias: text(128).min(1).default('client-auth-certs'),
      })
      .prefault({})
      .refine((tls) => !tls.enabled || tls.keystore !== null, {
        path: ['keystore'],
        error: 'must be given when TLS client authentication is enabled',
      }),
    httpAuthentication: z
      .strictObject({
        scheme: z.enum(['none', 'basic', 'digest']).default('none'),
        username: basicUsername.default(''),
      })
      .prefault({}),
    proofOfPossession: z
      .strictObject({
        enabled: z.boolean().default(false),
        channelBinding: z.enum(['tls-unique', 'tls-exporter']).default('tls-unique'),
        tokenChannelBinding: z.boolean().default(false),
        requireExtendedMasterSecret: z.boolean().default(false),
      })
      .prefault({}),
    request,
    issued: issued.prefault({}),
    serverKeyGeneration: serverKeyGeneration.prefault({}),
    lifecycle: z
      .strictObject({
        clientCertificateRenew: z.boolean().default(false),
        certificateExpirationCheckTimeHours: z.int().min(1).max(87_600).default(720),
        connectRetryIntervalSeconds: z.int().min(1).max(86_400).default(60),
        resubmitUnknownOutcome: z.boolean().default(false),
        sessionPinMinutes: z.int().min(0).max(720).default(0),
      })
      .prefault({}),
    limits: limits.prefault({}),
  })
  .describe('EST Station profile, version 1');

/** A profile with every default filled in. */
export type Profile = z.output<typeof profileSchema>;
/** A profile as a person writes it. */
export type ProfileInput = z.input<typeof profileSchema>;
export type KeystoreSelection = z.output<typeof keystoreSelection>;
export type Pkcs11Selection = Extract<KeystoreSelection, { kind: 'pkcs11' }>;
export type Limits = Profile['limits'];
export type KeyAlgorithm = Profile['request']['keyAlgorithm'];
export type KeyParameterSet = Profile['request']['keyParameterSet'];
export type SignatureAlgorithm = Profile['request']['signatureAlgorithm'];
export type ChannelBindingKind = Profile['proofOfPossession']['channelBinding'];

/** Port of EST over HTTPS when the endpoint names none (RFC 7030 §3.2.2: https, so 443). */
export const defaultPort = 443;

/**
 * Reads `host`, `host:port`, `[IPv6]`, `[IPv6]:port`.
 * @returns host without brackets and the port, or null when the text is anything else.
 */
export function parseEndpoint(value: string): { host: string; port: number } | null {
  const match =
    /^(?:\[(?<v6>[0-9A-Fa-f:.]{2,45})\]|(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?))(?::(?<port>\d{1,5}))?$/.exec(
      value,
    );
  if (!match?.groups) return null;
  const host = match.groups.v6 ?? match.groups.name;
  const port = match.groups.port === undefined ? defaultPort : Number(match.groups.port);
  if (host === undefined || port < 1 || port > 65_535) return null;
  return { host, port };
}

/** A fingerprint as people write it (groups, colons, lower case) becomes upper-case hex without separators. */
export function normaliseFingerprint(value: string): string {
  return value.replace(/[\s:.-]/g, '').toUpperCase();
}
