import { constants, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { StationError } from '../../shared/errors/station-error.ts';
import { certificateToPem } from '../pki/pem.ts';
import { type ConnectOptions, type SoftwareCredential, signatureSchemes } from './connector.ts';

/**
 * Only suites in which the server signs its ephemeral key, so that it has proven to hold its key
 * before the client's certificate leaves (see handshake-gate.ts). AEAD first; the CBC suites with
 * SHA-2 are for servers of the TLS 1.2 generation. No static RSA, anonymous, export, NULL, RC4,
 * 3DES, PSK (RFC 7030 §3.3.1 forbids anonymous and NULL).
 */
const cipherSuites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
].join(':');

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Name of the credential for a message: the certificate's subject. */
function subjectOf(credential: SoftwareCredential): string {
  try {
    const [own] = credential.chain;
    return own === undefined ? '' : new X509Certificate(own).subject.replaceAll('\n', ', ');
  } catch {
    return '';
  }
}

/** Why certificate and key cannot be used together, as a clause; null when they can. */
function problemOf({ chain: [own], key }: SoftwareCredential): string | null {
  if (own === undefined) return 'it has no certificate';
  if (key.type !== 'private') return 'it has no private key';
  try {
    const fits = new X509Certificate(own).checkPrivateKey(key);
    return fits ? null : 'its certificate and its key do not belong together';
  } catch (error) {
    return `its certificate cannot be read: ${words(error)}`;
  }
}

/**
 * Settings of one connection: trust anchors, versions, suites, the client's credential.
 * The credential is given to the library as PEM text, which cannot be zeroed; the KeyObject it
 * comes from lives in this process anyway.
 * @throws StationError TLS-05 when the credential is unusable, CERT-06 when an anchor is.
 */
export function clientContext(options: ConnectOptions): SecureContext {
  const { trust, credential } = options;
  if (credential?.kind === 'keystore') {
    throw new StationError('INTERNAL-01', {
      detail: 'the node connector was given a key that lies in a keystore',
    });
  }
  const anchors = trust.kind === 'anchors' ? trust.anchors : [];
  for (const anchor of anchors) {
    try {
      new X509Certificate(anchor);
    } catch (error) {
      throw new StationError('CERT-06', { detail: words(error) }, { cause: error });
    }
  }
  const problem = credential && problemOf(credential);
  if (problem) throw new StationError('TLS-05', { alias: subjectOf(credential), detail: problem });
  try {
    return createSecureContext({
      ca: anchors.map(certificateToPem),
      allowPartialTrustChain: true,
      minVersion: options.minTls,
      maxVersion: options.maxTls,
      ciphers: cipherSuites,
      // Else BoringSSL takes SHA-1 for a TLS 1.2 ServerKeyExchange, and OpenSSL what it is configured to.
      sigalgs: signatureSchemes.join(':'),
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      ...(credential && {
        cert: credential.chain.map(certificateToPem).join(''),
        key: credential.key.export({ type: 'pkcs8', format: 'pem' }),
      }),
    });
  } catch (error) {
    const alias = credential ? subjectOf(credential) : '';
    throw new StationError('TLS-05', { alias, detail: words(error) }, { cause: error });
  }
}
