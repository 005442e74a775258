import { constants, type KeyObject, sign } from 'node:crypto';
import {
  type CredentialSigner,
  type SignatureScheme,
  signatureSchemes,
} from '../electron/tls/connector.ts';

const kindOf: Readonly<Record<string, RegExp>> = { ec: /^ecdsa/, rsa: /^rsa/, ed25519: /^ed25519/ };

/** A signer that stands for a token's: the key is here, but only signatures leave. */
export function keySigner(
  key: KeyObject,
  schemes: readonly SignatureScheme[] = schemesOf(key),
): CredentialSigner {
  return {
    schemes,
    async sign(scheme, message) {
      const hash = /sha\d+$/.exec(scheme)?.[0] ?? null;
      const padding = scheme.startsWith('rsa_pss')
        ? constants.RSA_PKCS1_PSS_PADDING
        : constants.RSA_PKCS1_PADDING;
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      const rsa = key.asymmetricKeyType === 'rsa' ? { padding, saltLength } : {};
      return sign(hash, message, { key, ...rsa });
    },
  };
}

function schemesOf(key: KeyObject): SignatureScheme[] {
  const kind = kindOf[key.asymmetricKeyType ?? ''];
  return signatureSchemes.filter((scheme) => kind?.test(scheme));
}
