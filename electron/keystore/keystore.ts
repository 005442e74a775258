import type { KeyObject } from 'node:crypto';
import type { Notice } from '../../shared/notices.ts';
import type { KeyParameterSet, SignatureAlgorithm } from '../../shared/profile.ts';

/** Aliases of the reference system (Eclipse Kura EST enrollment service). */
export const aliases = {
  requestKey: 'est-request-key-pair',
  enrolledKey: 'est-enrolled-key-pair',
  previousKey: 'est-enrolled-key-pair-previous',
  caCertificatePrefix: 'est-cacerts_',
  bootstrapCa: 'est-bootstrap-ca',
} as const;

/** A key pair's public half and what the keystore says of its making. */
export interface KeyDescription {
  readonly alias: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** CKA_ID or the software keystore's equivalent: SHA-1 of the public key's bit string, lower-case hex. */
  readonly id: string;
  /** True when the keystore vouches that the private key was made there and cannot leave it. */
  readonly generatedThere: boolean;
  /** Notices when the keystore's answers are weaker or odd, e.g. notice('KEY-NOT-LOCAL'). */
  readonly notes: readonly Notice[];
}

/** One thing a keystore holds under an alias. */
export interface KeystoreEntry {
  readonly alias: string;
  /** The key pair under this alias, if there is one. */
  readonly key: KeyDescription | null;
  /** The certificate under this alias, DER, if there is one. */
  readonly certificate: Buffer | null;
}

/** A call that a token is made to do; never a secret. */
export interface TokenCall {
  /** Name of the call, e.g. `generate-key-pair`. */
  readonly call: string;
  /** What it is about; null for all. */
  readonly alias: string | null;
}

/** A call that ended in the middle, together with the process that made it. */
export interface BrokenCall extends TokenCall {
  /** The PKCS#11 function (`C_…`) it was in, where that is known. */
  readonly function: string | null;
  readonly elapsedMs: number;
}

/** Who keeps the record of what a token is made to do. */
export interface CallWitness {
  /** Hears of a call that changes the token; the call waits for it. */
  before(call: TokenCall): Promise<void>;
  /** Hears of a call that ended so, before its error is thrown. */
  broken(call: BrokenCall): Promise<void>;
  /** Ends a call in the middle, and the process with it; undefined while no call may be ended so. */
  readonly signal: AbortSignal | undefined;
  /** Withdraws the question for a PIN that a call has put to a person; undefined while it stays. */
  readonly questions: AbortSignal | undefined;
}

/** One signature for which a person was asked before it is wanted. */
export interface PreparedUse {
  /** As `Keystore.sign` does with the key; a second signature asks again. */
  sign(algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Buffer>;
  /** Zeroes the PIN if it was not used; safe to call twice. */
  release(): void;
}

/**
 * A place where keys live and never leave: a PKCS#11 token or a folder of encrypted files.
 * Calls are serial inside one keystore; each has a deadline and throws StationError (TOKEN-…, PIN-…).
 */
export interface Keystore {
  readonly kind: 'pkcs11' | 'software';
  /** `label (serial)` of the token, or the folder. */
  readonly name: string;
  /** Makes a key pair under `alias`: sensitive, not extractable. An existing one under that alias is replaced. */
  generateKeyPair(alias: string, parameterSet: KeyParameterSet): Promise<KeyDescription>;
  /**
   * Takes a private key made elsewhere (RSA of 2048 to 4096 bits, EC on a curve of the profile, Ed25519) under `alias`: sensitive, not
   * extractable. An existing key pair under that alias is replaced. `generatedThere` of the description is false.
   * @throws StationError TOKEN-05 when the keystore takes no keys, TOKEN-12 when the key could leave it again.
   */
  importKeyPair(alias: string, privateKey: KeyObject): Promise<KeyDescription>;
  /**
   * Signs `data` with the private key under `alias`.
   * @returns ECDSA as DER SEQUENCE{r,s} (RFC 3279 §2.2.3), RSA (RFC 8017 §8) and Ed25519 (RFC 8032 §5.1.6) as octets.
   */
  sign(alias: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Buffer>;
  /**
   * What `sign` can make with the private key under `alias`.
   * @throws StationError TOKEN-09 when there is none, PIN-08 when the token hides it.
   */
  signatureAlgorithms(alias: string): Promise<readonly SignatureAlgorithm[]>;
  /**
   * Whether the key under `alias` wants the PIN at each use (CKA_ALWAYS_AUTHENTICATE). Only a token has such keys.
   * @throws StationError TOKEN-09, PIN-08.
   */
  asksAtUse?(alias: string): Promise<boolean>;
  /**
   * Asks for the PIN of one use of such a key now; on a reader with a PIN pad it can only be typed while the key signs.
   * @throws StationError PIN-10 where nobody can be asked, and what asking throws.
   */
  prepareUse?(alias: string): Promise<PreparedUse>;
  entries(): Promise<readonly KeystoreEntry[]>;
  /** Stores or replaces the certificate (DER) under `alias`; bound to the key of the same alias by CKA_ID when there is one. */
  storeCertificate(alias: string, der: Uint8Array): Promise<void>;
  /**
   * Renames key pair and certificate under `from`; whatever stood under `to` is removed first. What a rename that was
   * cut short left of a key pair elsewhere is fetched by renaming the pair to its own alias.
   */
  rename(from: string, to: string): Promise<void>;
  /** Removes key pair and certificate under `alias`; nothing there is no error. */
  remove(alias: string): Promise<void>;
  /** Has `witness` hear of the calls from now on; null ends it. Only a token has calls to tell of. */
  attend?(witness: CallWitness | null): void;
  /** Logs out and releases the module; safe to call twice. */
  close(): Promise<void>;
}
