import { certificateFields } from './certificate-fields.ts';
import { contextConstructed, type DerReader, enterOnly, MalformedDer, tags } from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import { element, objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';
import { reading } from './refusal.ts';

/** What a certs-only message carries, DER, in the order sent. */
export interface CertsOnly {
  readonly certificates: Buffer[];
  readonly crls: Buffer[];
}

const signedData = '1.2.840.113549.1.7.2';
const data = '1.2.840.113549.1.7.1';

/**
 * Reads a degenerate SignedData (RFC 5652 §5.1, RFC 8951 §3.2). BER lengths are accepted around the certificates,
 * which themselves must be DER. Each certificate is read before it is returned; other formats of certificates
 * beside them are passed over.
 * @param limit most certificates accepted; CRLs likewise.
 * @throws StationError CERT-06 {detail}.
 */
export function readCertsOnly(der: Uint8Array, limit: number): CertsOnly {
  return reading('CERT-06', () => {
    const outer = enterOnly(Buffer.from(der), tags.sequence, 'a CMS message', 'BER');
    const type = dottedIdentifier(
      outer.take(tags.objectIdentifier, 'the type of the CMS message').contents,
    );
    if (type !== signedData)
      throw new MalformedDer('the CMS message is not of the type signed-data');
    const wrapped = outer.enter(contextConstructed(0), 'the content of the CMS message');
    outer.end('the CMS message');
    const reader = wrapped.enter(tags.sequence, 'the signed data');
    wrapped.end('the signed data');
    smallInteger(reader.take(tags.integer, 'the version of the signed data').contents);
    reader.take(tags.set, 'the digest algorithms');
    reader.take(tags.sequence, 'the encapsulated content');
    const certificates = bagOf(reader, 0, limit).filter(({ tag }) => tag === tags.sequence);
    const crls = bagOf(reader, 1, limit).filter(({ tag }) => tag === tags.sequence);
    const signers = reader.take(tags.set, 'the signers');
    reader.end('the signed data');
    if (signers.contents.length > 0)
      throw new MalformedDer('a signed message came instead of certificates alone');
    for (const { whole } of certificates) certificateFields(whole);
    return { certificates: certificates.map(bytes), crls: crls.map(bytes) };
  });
}

function bagOf(reader: DerReader, number: number, limit: number) {
  const tag = contextConstructed(number);
  if (reader.nextTag !== tag) return [];
  const members = reader.enter(tag, 'the certificates').rest();
  if (members.length > limit) throw new MalformedDer(`there are more than ${limit} of them`);
  return members;
}

function bytes({ whole }: { readonly whole: Buffer }): Buffer {
  return Buffer.from(whole);
}

/**
 * A degenerate SignedData with these certificates (DER), in DER: their order is that of their encodings.
 */
export function writeCertsOnly(certificates: readonly Uint8Array[]): Buffer {
  const bag = [...certificates].sort(Buffer.compare);
  const content = sequence(
    unsignedInteger(Buffer.of(1)),
    setOf(),
    sequence(objectIdentifier(data)),
    element(contextConstructed(0), ...bag),
    setOf(),
  );
  return sequence(objectIdentifier(signedData), element(contextConstructed(0), content));
}
