/** Object identifiers of PKCS#12 (RFC 7292 §4), PKCS#5 (RFC 8018 §A) and what they refer to. */
export const contentTypes = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

export const bagTypes = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;

export const x509Certificate = '1.2.840.113549.1.9.22.1';
export const localKeyId = '1.2.840.113549.1.9.21';
export const friendlyName = '1.2.840.113549.1.9.20';

export const pbes2 = '1.2.840.113549.1.5.13';
export const pbkdf2 = '1.2.840.113549.1.5.12';
export const pbmac1 = '1.2.840.113549.1.5.14';
export const hmacSha256 = '1.2.840.113549.2.9';
export const sha256 = '2.16.840.1.101.3.4.2.1';
export const aes256Cbc = '2.16.840.1.101.3.4.1.42';
