import { createPublicKey, type KeyObject } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type Certificate, readCertificate } from '../../pki/certificate.ts';
import { type KeystoreCredential, type SignatureScheme, signatureSchemes } from '../connector.ts';
import { uint, vector } from './bytes.ts';
import { alerts, TlsFailure } from './failure.ts';
import type { Version } from './options.ts';
import type { CertificateRequest } from './server-messages.ts';
import { schemeCode, schemeFits, verifySignature } from './signature-schemes.ts';

/** A credential whose certificate was read. */
export interface ClientProof {
  readonly credential: KeystoreCredential;
  readonly publicKey: KeyObject;
  /** The certificate's subject, for messages. */
  readonly alias: string;
}

/** Read once for each credential, since every handshake waits for it. */
const known = new WeakMap<KeystoreCredential, ClientProof>();

/** @throws StationError TLS-05 when there is no certificate or it cannot be read. */
export function readCredential(credential: KeystoreCredential): ClientProof {
  const proof = known.get(credential) ?? proofOf(credential);
  known.set(credential, proof);
  return proof;
}

function proofOf(credential: KeystoreCredential): ClientProof {
  const [own] = credential.chain;
  if (own === undefined) throw unusable('', 'it has no certificate');
  let certificate: Certificate;
  try {
    certificate = readCertificate(own);
    const key = { key: certificate.spki, type: 'spki', format: 'der' } as const;
    return { credential, publicKey: createPublicKey(key), alias: certificate.subject };
  } catch (error) {
    throw unusable('', 'its certificate cannot be read', error);
  }
}

/** The schemes that this key and its keystore can make in a version, in the order of the catalogue. */
export function usableSchemes(proof: ClientProof, version: Version): SignatureScheme[] {
  const { credential, publicKey } = proof;
  return signatureSchemes.filter(
    (scheme) =>
      credential.signer.schemes.includes(scheme) && schemeFits(scheme, publicKey, version),
  );
}

/**
 * The scheme to sign with.
 * @throws TlsFailure handshake_failure because of TLS-05 when the server takes none of ours.
 */
export function chooseScheme(
  proof: ClientProof,
  { schemes }: CertificateRequest,
  version: Version,
): SignatureScheme {
  const usable = usableSchemes(proof, version);
  const chosen = usable.find((scheme) => schemes.includes(schemeCode(scheme)));
  if (chosen !== undefined) return chosen;
  const made = usable.join(', ') || 'none';
  const detail = `the server takes no signature that the key can make with ${version} (${made})`;
  throw because(alerts.handshakeFailure, unusable(proof.alias, detail));
}

/** Certificate of TLS 1.2, empty without a credential (RFC 5246 §7.4.6). */
export function certificate12(proof: ClientProof | null): Buffer {
  const chain = proof?.credential.chain ?? [];
  return vector(3, ...chain.map((der) => vector(3, der)));
}

/** Certificate of TLS 1.3, empty without a credential (RFC 8446 §4.4.2). */
export function certificate13(proof: ClientProof | null): Buffer {
  const chain = proof?.credential.chain ?? [];
  const entries = chain.map((der) => Buffer.concat([vector(3, der), vector(2)]));
  return Buffer.concat([vector(1), vector(3, ...entries)]);
}

/**
 * CertificateVerify over `message`. The signature is checked before it leaves: a wrong one would
 * only puzzle the server, and one made by a faulty RSA key may give the key away.
 * @throws TlsFailure internal_error because of what the signer threw, or of TLS-05 when the key is
 *   not that of the certificate.
 */
export async function certificateVerify(
  { credential, publicKey, alias }: ClientProof,
  scheme: SignatureScheme,
  message: Buffer,
): Promise<Buffer> {
  let signature: Uint8Array;
  try {
    signature = await credential.signer.sign(scheme, message);
  } catch (error) {
    throw because(alerts.internalError, StationError.from(error));
  }
  if (!verifySignature(scheme, publicKey, message, signature)) {
    const detail = 'its certificate and its key do not belong together';
    throw because(alerts.internalError, unusable(alias, detail));
  }
  return Buffer.concat([uint(2, schemeCode(scheme)), vector(2, signature)]);
}

function unusable(alias: string, detail: string, cause?: unknown): StationError {
  return new StationError('TLS-05', { alias, detail }, { cause });
}

function because(alert: number, cause: unknown): TlsFailure {
  return new TlsFailure(alert, 'the client key cannot be used', { cause });
}
