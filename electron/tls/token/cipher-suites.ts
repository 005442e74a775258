/** A cipher suite: AES-GCM, with the hash of its key derivation. */
export interface CipherSuite {
  readonly code: number;
  /** As IANA registers it. */
  readonly name: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: 16 | 32;
  /** What the server signs with; TLS 1.3 leaves that open. */
  readonly signedBy: 'ecdsa' | 'rsa' | null;
}

/** What this client offers, in its order of preference (RFC 8446 §B.4, RFC 5289 §3.2). */
export const cipherSuites: readonly CipherSuite[] = [
  suite(0x1301, 'TLS_AES_128_GCM_SHA256', 'TLSv1.3', null),
  suite(0x1302, 'TLS_AES_256_GCM_SHA384', 'TLSv1.3', null),
  suite(0xc02b, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLSv1.2', 'ecdsa'),
  suite(0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLSv1.2', 'rsa'),
  suite(0xc02c, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLSv1.2', 'ecdsa'),
  suite(0xc030, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLSv1.2', 'rsa'),
];

function suite(
  code: number,
  name: string,
  version: CipherSuite['version'],
  signedBy: CipherSuite['signedBy'],
): CipherSuite {
  const strong = name.includes('AES_256');
  const hash = strong ? 'sha384' : 'sha256';
  return { code, name, version, hash, keyBytes: strong ? 32 : 16, signedBy };
}
