import { sign } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { keyObject } from '../pki/public-key.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { enrolledCertificate } from './request-key.ts';

type Credential = NonNullable<ExchangeOptions['credential']>;

/** The algorithms of `algorithmFor`, as a TLS credential's signer names them. */
const schemes = {
  SHA256WITHRSA: 'rsa_pkcs1_sha256',
  SHA256WITHECDSA: 'ecdsa_secp256r1_sha256',
  SHA384WITHECDSA: 'ecdsa_secp384r1_sha384',
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
  return choice === 'enrolled' ? await enrolledSigner(keystore) : await tlsSigner(task);
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

async function tlsSigner(task: EnrollmentTask): Promise<CmsSigner> {
  const credential = (await task.openCredential()) ?? null;
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
    ? sign(algorithm.slice(0, 6).toLowerCase(), data, credential.key)
    : await credential.signer.sign(schemes[algorithm], data);
}

/** RFC 5758 §3.2: the hash that goes with the curve; SHA-256 for RSA. */
function algorithmFor(spki: Buffer): CmcAlgorithm {
  const key = keyObject(spki);
  if (key?.asymmetricKeyType === 'rsa') return 'SHA256WITHRSA';
  const large = key?.asymmetricKeyDetails?.namedCurve === 'secp384r1';
  return large ? 'SHA384WITHECDSA' : 'SHA256WITHECDSA';
}
