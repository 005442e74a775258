import { certificateFields } from './certificate-fields.ts';
import {
  contextConstructed,
  DerReader,
  type Element,
  enterOnly,
  MalformedDer,
  tags,
} from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import { reading } from './refusal.ts';

/** What a certs-only message carries, DER, in the order sent. */
export interface CertsOnly {
  readonly certificates: Buffer[];
  readonly crls: Buffer[];
}

const largestMessage = 8_388_608;
const signedDataOid = '1.2.840.113549.1.7.2';

/**
 * Reads a degenerate SignedData (RFC 5652 §5.1, RFC 8951 §3.2). BER lengths are accepted around the certificates,
 * which themselves must be DER. Each certificate is read before it is returned; other formats of certificates
 * beside them are passed over. No more of a message is taken apart than its fields, however much is in it.
 * @param limit most certificates accepted; CRLs likewise.
 * @throws StationError CERT-06 {detail}.
 */
export function readCertsOnly(der: Uint8Array, limit: number): CertsOnly {
  return reading('CERT-06', () => {
    const reader = signedDataOf(der);
    smallInteger(reader.take(tags.integer, 'the version of the signed data').contents);
    reader.take(tags.set, 'the digest algorithms');
    const content = reader.enter(tags.sequence, 'the encapsulated content');
    content.take(tags.objectIdentifier, 'the type of the content');
    const certificates = membersOf(reader.optional(contextConstructed(0)), limit);
    const crls = membersOf(reader.optional(contextConstructed(1)), limit);
    const signers = reader.enter(tags.set, 'the signers');
    reader.end('the signed data');
    if (!signers.done)
      throw new MalformedDer('a signed message came instead of certificates alone');
    for (const certificate of certificates) certificateFields(certificate);
    return { certificates, crls };
  });
}

function signedDataOf(der: Uint8Array): DerReader {
  if (der.length > largestMessage) throw new MalformedDer('the CMS message is far too large');
  const outer = enterOnly(der, tags.sequence, 'the CMS message', 'BER');
  const type = outer.take(tags.objectIdentifier, 'the type of the CMS message');
  if (dottedIdentifier(type.contents) !== signedDataOid)
    throw new MalformedDer('the CMS message is not of the type signed-data');
  const wrapped = outer.enter(contextConstructed(0), 'the content of the CMS message');
  outer.end('the content of the CMS message');
  const reader = wrapped.enter(tags.sequence, 'the signed data');
  wrapped.end('the signed data');
  return reader;
}

/** The SEQUENCEs of a bag, each as it was received. */
function membersOf(bag: Element | null, limit: number): Buffer[] {
  if (bag === null) return [];
  return new DerReader(bag.contents, 'BER')
    .rest(limit)
    .filter(({ tag }) => tag === tags.sequence)
    .map(({ whole }) => Buffer.from(whole));
}
