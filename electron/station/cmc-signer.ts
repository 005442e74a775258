import { sign } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { keyObject } from '../pki/public-key.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { enrolledCertificate } from './request-key.ts';

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
  const { chain, key } = credential;
  const signatureAlgorithm = algorithmFor(readCertificate(der).spki);
  const hash = signatureAlgorithm.slice(0, 6).toLowerCase();
  return { chain, signatureAlgorithm, sign: async (data) => sign(hash, data, key) };
}

/** RFC 5758 §3.2: the hash that goes with the curve; SHA-256 for RSA. */
function algorithmFor(spki: Buffer): SignatureAlgorithm {
  const key = keyObject(spki);
  if (key?.asymmetricKeyType === 'rsa') return 'SHA256WITHRSA';
  const large = key?.asymmetricKeyDetails?.namedCurve === 'secp384r1';
  return large ? 'SHA384WITHECDSA' : 'SHA256WITHECDSA';
}
