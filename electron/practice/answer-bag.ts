import { contextConstructed } from '../pki/der.ts';
import { element, objectIdentifier, sequence, setOf, unsignedInteger } from '../pki/der-writer.ts';
import type { Desk } from './desk.ts';

/**
 * The certificates of an enrollment's answer, in their order on the wire. RFC 7030 §4.2.3 wants the issued one alone;
 * real servers send their chain too, in any order.
 * @param second a further certificate for the same key, or null
 */
export function answerBag(
  { authority, options }: Pick<Desk, 'authority' | 'options'>,
  issued: Buffer,
  second: Buffer | null,
): Buffer[] {
  const { faults } = options;
  const issuing = authority.issuing.certificate.raw;
  const root = authority.root.certificate.raw;
  if (second !== null) return [issued, second];
  if (faults.includes('certificate-first')) return [issued, issuing, root];
  if (faults.includes('certificate-middle')) return [issuing, issued, root];
  if (faults.includes('certificate-last')) return [root, issuing, issued];
  return faults.includes('no-certificate') ? [issuing, root] : [issued];
}

/** A degenerate SignedData that keeps the order given: BER, as many servers write it (RFC 5652 §10.3 is lenient). */
export function writeInOrder(certificates: readonly Uint8Array[]): Buffer {
  const content = sequence(
    unsignedInteger(Buffer.of(1)),
    setOf(),
    sequence(objectIdentifier('1.2.840.113549.1.7.1')),
    element(contextConstructed(0), ...certificates),
    setOf(),
  );
  return sequence(
    objectIdentifier('1.2.840.113549.1.7.2'),
    element(contextConstructed(0), content),
  );
}
