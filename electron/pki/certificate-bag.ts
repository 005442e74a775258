import { contextConstructed } from './der.ts';
import { element, objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';

const data = '1.2.840.113549.1.7.1';
const signedData = '1.2.840.113549.1.7.2';

/**
 * A degenerate SignedData (RFC 5652 §5.1; PKCS#7 certs-only): certificates and nothing else.
 * @param certificates DER; written in the ascending order of their encodings, as DER wants it.
 * @returns ContentInfo, DER.
 */
export function certificateBag(certificates: readonly Uint8Array[]): Buffer {
  const sorted = [...certificates].sort(Buffer.compare);
  const content = sequence(
    unsignedInteger(Buffer.of(1)),
    setOf(),
    sequence(objectIdentifier(data)),
    element(contextConstructed(0), ...sorted),
    setOf(),
  );
  return sequence(objectIdentifier(signedData), element(contextConstructed(0), content));
}
