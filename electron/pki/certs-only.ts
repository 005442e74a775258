import { type AsnType, Constructed, fromBER, Sequence } from 'asn1js';
import { ContentInfo, SignedData } from 'pkijs';
import { certificateFields } from './certificate-fields.ts';
import { MalformedDer } from './der.ts';
import { reading } from './refusal.ts';

/** What a certs-only message carries, DER, in the order sent. */
export interface CertsOnly {
  readonly certificates: Buffer[];
  readonly crls: Buffer[];
}

const largestMessage = 8_388_608;
const deepest = 32;
const mostElements = 200_000;
const contextSpecific = 3;

/**
 * Reads a degenerate SignedData (RFC 5652 §5.1, RFC 8951 §3.2). BER lengths are accepted around the certificates,
 * which themselves must be DER. Each certificate is read before it is returned; other formats of certificates
 * beside them are passed over.
 * @param limit most certificates accepted; CRLs likewise.
 * @throws StationError CERT-06 {detail}.
 */
export function readCertsOnly(der: Uint8Array, limit: number): CertsOnly {
  return reading('CERT-06', () => {
    const { version, digests, content, certificates, crls, signers } = partsOf(signedDataOf(der));
    const bags = { certificates: bytesOf(certificates, limit), crls: bytesOf(crls, limit) };
    if (membersOf(signers).length > 0)
      throw new MalformedDer('a signed message came instead of certificates alone');
    understood('the signed data', () => {
      // Without the bags: the library would write each certificate anew, and only its own bytes are signed.
      const schema = new Sequence({ value: [version, digests, content, signers] });
      return new SignedData({ schema });
    });
    for (const certificate of bags.certificates) certificateFields(certificate);
    return bags;
  });
}

interface Parts {
  readonly version: AsnType;
  readonly digests: AsnType;
  readonly content: AsnType;
  readonly certificates: AsnType | undefined;
  readonly crls: AsnType | undefined;
  readonly signers: AsnType;
}

function signedDataOf(der: Uint8Array): AsnType {
  if (der.length > largestMessage) throw new MalformedDer('the CMS message is far too large');
  const { offset, result } = understood('the CMS message', () =>
    fromBER(der, {
      maxDepth: deepest,
      maxNodes: mostElements,
      maxContentLength: largestMessage,
      parseEmbedded: false,
    }),
  );
  if (/depth/.test(result.error)) throw new MalformedDer('the data is nested too deeply');
  if (offset < 0 && der.length > 0) throw new MalformedDer(`the data is no BER: ${result.error}`);
  const { contentType, content } = understood('the CMS message', () => {
    return new ContentInfo({ schema: result });
  });
  if (offset !== der.length)
    throw new MalformedDer('something follows the CMS message that does not belong there');
  if (contentType !== ContentInfo.SIGNED_DATA)
    throw new MalformedDer('the CMS message is not of the type signed-data');
  const [, wrapped, ...others] = membersOf(result);
  const [signedData, ...beside] = membersOf(wrapped);
  if (!signedData || signedData !== content || others.length + beside.length > 0)
    throw new MalformedDer('the signed data is missing or not alone');
  return signedData;
}

function partsOf(signedData: AsnType): Parts {
  const [version, digests, content, ...rest] = membersOf(signedData);
  const certificates = isBag(rest[0], 0) ? rest.shift() : undefined;
  const crls = isBag(rest[0], 1) ? rest.shift() : undefined;
  const [signers, ...others] = rest;
  if (!version || !digests || !content || !signers)
    throw new MalformedDer('a field of the signed data is missing');
  if (others.length > 0)
    throw new MalformedDer('something follows the signed data that does not belong there');
  return { version, digests, content, certificates, crls, signers };
}

function isBag(block: AsnType | undefined, tagNumber: number): boolean {
  const { idBlock } = block ?? {};
  return idBlock?.tagClass === contextSpecific && idBlock.tagNumber === tagNumber;
}

/** The SEQUENCEs of a bag, each as it was received. */
function bytesOf(bag: AsnType | undefined, limit: number): Buffer[] {
  const members = bag === undefined ? [] : membersOf(bag);
  if (members.length > limit) throw new MalformedDer(`there are more than ${limit} of them`);
  return members
    .filter((member) => member instanceof Sequence)
    .map(({ valueBeforeDecodeView }) => Buffer.from(valueBeforeDecodeView));
}

/** The library lets members reach beyond the length of what holds them, and indefinite lengths without an end. */
function membersOf(block: AsnType | undefined): AsnType[] {
  if (!(block instanceof Constructed))
    throw new MalformedDer('a field is missing or of another type');
  const { value, isIndefiniteForm } = block.valueBlock;
  const members: AsnType[] = value;
  const bytes = block.valueBeforeDecodeView;
  const held = members.reduce((sum, member) => sum + member.valueBeforeDecodeView.length, 0);
  const header = block.idBlock.blockLength + block.lenBlock.blockLength;
  const end = isIndefiniteForm ? 2 : 0;
  const ended = !isIndefiniteForm || Buffer.from(bytes.subarray(-2)).equals(Buffer.alloc(2));
  const whole = header + held + end === bytes.length;
  const declared = isIndefiniteForm || block.lenBlock.length === held;
  if (!ended || !whole || !declared) throw new MalformedDer('the lengths contradict each other');
  return members;
}

/** What the library throws is its own affair: all of it says that it could not read. */
function understood<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new MalformedDer(`${what} is missing or of another type`, { cause: error });
  }
}
