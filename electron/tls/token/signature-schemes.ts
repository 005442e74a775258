import { constants, type KeyObject, verify } from 'node:crypto';
import { type SignatureScheme, signatureSchemes } from '../connector.ts';

type Version = 'TLSv1.2' | 'TLSv1.3';

interface SchemeFacts {
  readonly code: number;
  readonly key: 'ec' | 'rsa' | 'ed25519';
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** OpenSSL's name of the curve that TLS 1.3 ties the scheme to. */
  readonly curve?: string;
  readonly pss?: boolean;
}

/** RFC 8446 §4.2.3. */
const facts: Readonly<Record<SignatureScheme, SchemeFacts>> = {
  ecdsa_secp256r1_sha256: { code: 0x0403, key: 'ec', hash: 'sha256', curve: 'prime256v1' },
  ecdsa_secp384r1_sha384: { code: 0x0503, key: 'ec', hash: 'sha384', curve: 'secp384r1' },
  ecdsa_secp521r1_sha512: { code: 0x0603, key: 'ec', hash: 'sha512', curve: 'secp521r1' },
  ed25519: { code: 0x0807, key: 'ed25519', hash: null },
  rsa_pss_rsae_sha256: { code: 0x0804, key: 'rsa', hash: 'sha256', pss: true },
  rsa_pss_rsae_sha384: { code: 0x0805, key: 'rsa', hash: 'sha384', pss: true },
  rsa_pss_rsae_sha512: { code: 0x0806, key: 'rsa', hash: 'sha512', pss: true },
  rsa_pkcs1_sha256: { code: 0x0401, key: 'rsa', hash: 'sha256' },
  rsa_pkcs1_sha384: { code: 0x0501, key: 'rsa', hash: 'sha384' },
  rsa_pkcs1_sha512: { code: 0x0601, key: 'rsa', hash: 'sha512' },
};

/** The number of a scheme on the wire. */
export function schemeCode(scheme: SignatureScheme): number {
  return facts[scheme].code;
}

/** The scheme of a number; null when this client does not know it. */
export function schemeOfCode(code: number): SignatureScheme | null {
  return signatureSchemes.find((scheme) => facts[scheme].code === code) ?? null;
}

/**
 * Whether a key may sign with a scheme in a handshake of this version. TLS 1.3 ties the scheme to
 * the curve and leaves no PKCS#1 v1.5 (RFC 8446 §4.2.3); TLS 1.2 ties it to neither (RFC 5246
 * §7.4.1.4.1), so P-384 may go with SHA-256.
 */
export function schemeFits(
  scheme: SignatureScheme,
  publicKey: KeyObject,
  version: Version,
): boolean {
  const { key, curve, pss } = facts[scheme];
  if (publicKey.asymmetricKeyType !== key) return false;
  if (version === 'TLSv1.2') return true;
  if (key === 'ec') return publicKey.asymmetricKeyDetails?.namedCurve === curve;
  return key !== 'rsa' || pss === true;
}

/** Whether `signature` is one of `message` by the scheme; PSS with a salt as long as its hash. */
export function verifySignature(
  scheme: SignatureScheme,
  publicKey: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { key, hash, pss } = facts[scheme];
  const rsa = pss
    ? {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { padding: constants.RSA_PKCS1_PADDING };
  return verify(hash, message, key === 'rsa' ? { key: publicKey, ...rsa } : publicKey, signature);
}
