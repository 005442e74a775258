import { Certificate, ContentInfo, EncapsulatedContentInfo, SignedData } from 'pkijs';

/**
 * A degenerate SignedData (RFC 5652 §5.1, RFC 8951 §3.2) with these certificates (DER), in DER: their order is that of
 * their encodings.
 */
export function writeCertsOnly(certificates: readonly Uint8Array[]): Buffer {
  const sorted = [...certificates].sort(Buffer.compare);
  const content = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: ContentInfo.DATA }),
    certificates: sorted.map((der) => Certificate.fromBER(der)),
  });
  const message = new ContentInfo({
    contentType: ContentInfo.SIGNED_DATA,
    content: content.toSchema(),
  });
  return Buffer.from(message.toSchema().toBER());
}
