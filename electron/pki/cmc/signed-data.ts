import { createHash } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../../shared/profile.ts';
import { certificateFields } from '../certificate-fields.ts';
import { contextConstructed, DerReader, enterOnly, MalformedDer, tags } from '../der.ts';
import { dottedIdentifier, smallInteger } from '../der-values.ts';
import {
  element,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  unsignedInteger,
} from '../der-writer.ts';
import { algorithmIdentifier, verifySignature } from '../signature.ts';
import { contentTypes, signedAttributeOids } from './identifiers.ts';
import { type SignerInfo, signerInfo } from './signer-info.ts';

/** Who signs a message, wherever the key lives. */
export interface CmsSigner {
  /** The signer's certificate first, then what leads to its CA, DER. */
  readonly chain: readonly Uint8Array[];
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** @returns ECDSA as DER SEQUENCE{r,s}, RSA and Ed25519 as octets. */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
}

/** A signed message as it was read; nothing about its signatures is proven yet. */
export interface SignedData {
  /** Dotted. */
  readonly contentType: string;
  readonly content: Buffer;
  /** X.509 certificates beside the content, DER, in the order sent. */
  readonly certificates: readonly Buffer[];
  readonly signers: readonly SignerInfo[];
}

const digestAlgorithm = {
  SHA256: { oid: '2.16.840.1.101.3.4.2.1', hash: 'sha256' },
  SHA384: { oid: '2.16.840.1.101.3.4.2.2', hash: 'sha384' },
  SHA512: { oid: '2.16.840.1.101.3.4.2.3', hash: 'sha512' },
} as const;

const mostSigners = 4;

/**
 * A SignedData with one signer and the content inside (RFC 5652 §5), DER. The signature is checked with the
 * signer's certificate before the message is returned.
 * @throws StationError TOKEN-12 when key and certificate do not belong together; and what `sign` throws.
 */
export async function writeSignedData(
  contentType: string,
  content: Uint8Array,
  signer: CmsSigner,
): Promise<Buffer> {
  const [certificate] = signer.chain;
  if (certificate === undefined) {
    throw new StationError('INTERNAL-01', { detail: 'a signer has no certificate' });
  }
  const { issuer, serialNumber, spki } = certificateFields(certificate);
  const { oid, hash } = digestAlgorithm[digestName(signer.signatureAlgorithm)];
  const digest = createHash(hash).update(content).digest();
  const members = [
    attribute(signedAttributeOids.contentType, objectIdentifier(contentType)),
    attribute(signedAttributeOids.messageDigest, octetString(digest)),
  ];
  const signed = setOf(...members);
  const signature = await signer.sign(signed);
  if (!verifySignature(spki, signer.signatureAlgorithm, signed, signature)) {
    const detail = 'its signature does not verify with its certificate';
    throw new StationError('TOKEN-12', { detail });
  }
  const digests = sequence(objectIdentifier(oid));
  const info = sequence(
    unsignedInteger(Buffer.of(1)),
    sequence(issuer, element(tags.integer, serialNumber)),
    digests,
    retagged(signed, contextConstructed(0)),
    algorithmIdentifier(signer.signatureAlgorithm),
    octetString(signature),
  );
  return wrap(contentType, content, signer.chain, { digests: [digests], infos: [info] });
}

/** The same without a signature: what a full message must never be. For those who test receivers. */
export function writeUnsignedData(contentType: string, content: Uint8Array): Buffer {
  return wrap(contentType, content, [], { digests: [], infos: [] });
}

function wrap(
  contentType: string,
  content: Uint8Array,
  chain: readonly Uint8Array[],
  { digests, infos }: { readonly digests: readonly Buffer[]; readonly infos: readonly Buffer[] },
): Buffer {
  const encapsulated = sequence(
    objectIdentifier(contentType),
    element(contextConstructed(0), octetString(content)),
  );
  const bag = [...chain].sort(Buffer.compare);
  const body = sequence(
    // RFC 5652 §5.1: 3, since the content is of another type than id-data.
    unsignedInteger(Buffer.of(3)),
    setOf(...digests),
    encapsulated,
    ...(bag.length === 0 ? [] : [element(contextConstructed(0), ...bag)]),
    setOf(...infos),
  );
  return sequence(objectIdentifier(contentTypes.signedData), element(contextConstructed(0), body));
}

function attribute(oid: string, value: Uint8Array): Buffer {
  return sequence(objectIdentifier(oid), setOf(value));
}

/** The same element under another identifier octet. */
function retagged(whole: Buffer, tag: number): Buffer {
  return Buffer.concat([Buffer.of(tag), whole.subarray(1)]);
}

function digestName(algorithm: SignatureAlgorithm): keyof typeof digestAlgorithm {
  // RFC 8419 §3.1: Ed25519 goes with SHA-512.
  if (algorithm.startsWith('SHA512') || algorithm === 'ED25519') return 'SHA512';
  return algorithm.startsWith('SHA384') ? 'SHA384' : 'SHA256';
}

/**
 * Reads a SignedData with its content inside (RFC 5652 §5). BER lengths are accepted around content and
 * certificates; each certificate is read before it is returned.
 * @param limit most certificates accepted.
 * @throws MalformedDer
 */
export function readSignedData(der: Uint8Array, limit: number): SignedData {
  const outer = enterOnly(Buffer.from(der), tags.sequence, 'a CMS message', 'BER');
  const kind = dottedIdentifier(
    outer.take(tags.objectIdentifier, 'the type of the CMS message').contents,
  );
  if (kind !== contentTypes.signedData) {
    throw new MalformedDer('the CMS message is not of the type signed-data');
  }
  const wrapped = outer.enter(contextConstructed(0), 'the content of the CMS message');
  outer.end('the CMS message');
  const reader = wrapped.enter(tags.sequence, 'the signed data');
  wrapped.end('the signed data');
  smallInteger(reader.take(tags.integer, 'the version of the signed data').contents);
  reader.take(tags.set, 'the digest algorithms');
  const { contentType, content } = encapsulated(
    reader.enter(tags.sequence, 'the encapsulated content'),
  );
  const certificates = certificatesOf(reader, limit);
  reader.optional(contextConstructed(1));
  const infos = reader.enter(tags.set, 'the signers').rest();
  reader.end('the signed data');
  if (infos.length > mostSigners) throw new MalformedDer('there are far too many signers');
  return {
    contentType,
    content,
    certificates,
    signers: infos.map(({ whole }) => signerInfo(whole)),
  };
}

function encapsulated(reader: DerReader): Pick<SignedData, 'contentType' | 'content'> {
  const contentType = dottedIdentifier(
    reader.take(tags.objectIdentifier, 'the type of the content').contents,
  );
  if (reader.done) return { contentType, content: Buffer.alloc(0) };
  const explicit = reader.enter(contextConstructed(0), 'the content');
  reader.end('the encapsulated content');
  const { tag, contents } = explicit.next();
  explicit.end('the content');
  if (tag === tags.octetString) return { contentType, content: Buffer.from(contents) };
  if (tag !== constructedOctets) throw new MalformedDer('the content is no OCTET STRING');
  return { contentType, content: joined(new DerReader(contents, 'BER')) };
}

/** BER may cut an OCTET STRING into pieces (X.690 §8.7.3). */
const constructedOctets = 0x24;

function joined(pieces: DerReader): Buffer {
  const parts: Buffer[] = [];
  while (!pieces.done) parts.push(pieces.take(tags.octetString, 'a piece of the content').contents);
  return Buffer.concat(parts);
}

function certificatesOf(reader: DerReader, limit: number): Buffer[] {
  const bag = reader.optional(contextConstructed(0));
  if (bag === null) return [];
  const members = new DerReader(bag.contents, 'BER')
    .rest()
    .filter(({ tag }) => tag === tags.sequence);
  if (members.length > limit) throw new MalformedDer(`there are more than ${limit} certificates`);
  for (const { whole } of members) certificateFields(whole);
  return members.map(({ whole }) => Buffer.from(whole));
}

/**
 * The certificate (DER) of a signer whose signature covers the content; null when there is none among those
 * given. Whether that certificate is worth anything is not asked here.
 */
export function provenSigner(
  { contentType, content, signers }: SignedData,
  candidates: readonly Uint8Array[],
): Buffer | null {
  for (const info of signers) {
    for (const candidate of candidates) {
      const der = Buffer.from(candidate);
      if (info.isMadeBy(der, contentType, content)) return der;
    }
  }
  return null;
}
