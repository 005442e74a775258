import { StationError } from '../../shared/errors/station-error.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { keyObject } from '../pki/public-key.ts';
import { signWithKey } from '../pki/signature.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { enrolledCertificate } from './request-key.ts';

type Credential = NonNullable<ExchangeOptions['credential']>;

/** The algorithms of `algorithmFor`, as a TLS credential's signer names them. */
const schemes = {
  SHA256WITHRSA: 'rsa_pkcs1_sha256',
  SHA256WITHECDSA: 'ecdsa_secp256r1_sha256',
  SHA384WITHECDSA: 'ecdsa_secp384r1_sha384',
  SHA512WITHECDSA: 'ecdsa_secp521r1_sha512',
  ED25519: 'ed25519',
} as const;
type CmcAlgorithm = keyof typeof schemes;

/** Whose key signs a Full PKI Request: the device's present one, or that of the TLS client certificate. */
export type CmcSignerChoice = 'enrolled' | 'tls';

/**
 * The signer of a Full PKI Request (RFC 7030 §4.3.1). A key on a token stays there; an enrolled key signs through
 * the keystore, so nothing but the digest's octets crosses.
 * @throws StationError TOKEN-09 without an enrolled certificate, PROFILE-02 without a TLS client certificate.
 */
export async function cmcSigner(
  task: EnrollmentTask,
  keystore: Keystore,
  choice: CmcSignerChoice,
): Promise<CmsSigner> {
  return choice === 'enrolled' ? await enrolledSigner(keystore) : await tlsSigner(task, keystore);
}

async function enrolledSigner(keystore: Keystore): Promise<CmsSigner> {
  const { der, spki } = await enrolledCertificate(keystore);
  const signatureAlgorithm = algorithmFor(spki);
  return {
    chain: [der],
    signatureAlgorithm,
    sign: (data) => keystore.sign(aliases.enrolledKey, signatureAlgorithm, data),
  };
}

async function tlsSigner(task: EnrollmentTask, keystore: Keystore): Promise<CmsSigner> {
  const credential = await task.openCredential(keystore);
  const [der] = credential?.chain ?? [];
  if (credential === null || der === undefined) {
    const problems = 'tlsClientAuthentication must be enabled, so that its key can sign';
    throw new StationError('PROFILE-02', { problems });
  }
  const signatureAlgorithm = algorithmFor(readCertificate(der).spki);
  return {
    chain: credential.chain,
    signatureAlgorithm,
    sign: async (data) => Buffer.from(await signWith(credential, signatureAlgorithm, data)),
  };
}

async function signWith(
  credential: Credential,
  algorithm: CmcAlgorithm,
  data: Uint8Array,
): Promise<Uint8Array> {
  return credential.kind === 'software'
    ? signWithKey(credential.key, algorithm, data)
    : await credential.signer.sign(schemes[algorithm], data);
}

/** RFC 5758 §3.2: the hash that goes with the curve; SHA-256 for RSA. */
function algorithmFor(spki: Buffer): CmcAlgorithm {
  const key = keyObject(spki);
  if (key?.asymmetricKeyType === 'rsa') return 'SHA256WITHRSA';
  if (key?.asymmetricKeyType === 'ed25519') return 'ED25519';
  const curve = key?.asymmetricKeyDetails?.namedCurve;
  if (curve === 'secp521r1') return 'SHA512WITHECDSA';
  return curve === 'secp384r1' ? 'SHA384WITHECDSA' : 'SHA256WITHECDSA';
}
