/** Object identifiers of CMC (RFC 5272 appendix A, RFC 6402) and of CMS (RFC 5652). */

export const contentTypes = {
  signedData: '1.2.840.113549.1.7.2',
  pkiData: '1.3.6.1.5.5.7.12.2',
  pkiResponse: '1.3.6.1.5.5.7.12.3',
} as const;

export const controls = {
  statusInfo: '1.3.6.1.5.5.7.7.1',
  transactionId: '1.3.6.1.5.5.7.7.5',
  senderNonce: '1.3.6.1.5.5.7.7.6',
  recipientNonce: '1.3.6.1.5.5.7.7.7',
  regInfo: '1.3.6.1.5.5.7.7.18',
  queryPending: '1.3.6.1.5.5.7.7.21',
  statusInfoV2: '1.3.6.1.5.5.7.7.25',
} as const;

/** Extended key usages of those who speak for a CA (RFC 6402 §2.10). */
export const cmcPurposes = {
  cmcCa: '1.3.6.1.5.5.7.3.27',
  cmcRa: '1.3.6.1.5.5.7.3.28',
} as const;

/** Signed attributes of CMS (RFC 5652 §11). */
export const signedAttributeOids = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
} as const;
