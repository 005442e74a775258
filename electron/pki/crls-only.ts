import { contextConstructed } from './der.ts';
import { element, objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';

const signedData = '1.2.840.113549.1.7.2';
const data = '1.2.840.113549.1.7.1';

/**
 * A degenerate SignedData (RFC 5652 §5.1) with these CRLs (DER) and nothing else, in DER: their order is that
 * of their encodings.
 */
export function writeCrlsOnly(crls: readonly Uint8Array[]): Buffer {
  const bag = [...crls].sort(Buffer.compare);
  const content = sequence(
    unsignedInteger(Buffer.of(1)),
    setOf(),
    sequence(objectIdentifier(data)),
    element(contextConstructed(1), ...bag),
    setOf(),
  );
  return sequence(objectIdentifier(signedData), element(contextConstructed(0), content));
}
