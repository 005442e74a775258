import 'reflect-metadata';
import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Extension, Name } from '@peculiar/x509';
import {
  type AsnType,
  BitString,
  Constructed,
  fromBER,
  GeneralizedTime,
  Integer,
  ObjectIdentifier,
  Sequence,
  UTCTime,
} from 'asn1js';

/** Who signs: a CA's name (DER) and its EC private key. */
export interface Signer {
  readonly name: Uint8Array;
  readonly key: KeyObject;
}

/** What a certificate says. Names and keys are DER and are taken over byte for byte. */
interface CertificateContents {
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Extension[];
}

/** A Name, DER, with one common name and one organisation, both UTF8String. */
export function distinguishedName(organisation: string, commonName: string): Buffer {
  const name = new Name([
    { O: [{ utf8String: organisation }] },
    { CN: [{ utf8String: commonName }] },
  ]);
  return Buffer.from(name.toArrayBuffer());
}

/**
 * Signs a version 3 certificate (RFC 5280 §4.1) with ECDSA; returns its DER.
 *
 * The fields are put together here because X509CertificateGenerator rewrites the subject: its names lose characters
 * of a UniversalString beyond U+FFFF and arcs of an OID beyond 32 bits, and a CA must keep what was asked for.
 */
export function signCertificate(contents: CertificateContents, signer: Signer): Buffer {
  const { hash, oid } = signatureOf(signer.key);
  const algorithm = new Sequence({ value: [new ObjectIdentifier({ value: oid })] });
  const extensions = contents.extensions.map(({ rawData }) => copied(Buffer.from(rawData)));
  const toBeSigned = new Sequence({
    value: [
      explicit(0, new Integer({ value: 2 })),
      new Integer({ valueHex: serialNumber() }),
      algorithm,
      copied(signer.name),
      new Sequence({ value: [time(contents.notBefore), time(contents.notAfter)] }),
      copied(contents.subject),
      copied(contents.spki),
      explicit(3, new Sequence({ value: extensions })),
    ],
  });
  const signature = sign(hash, Buffer.from(toBeSigned.toBER()), signer.key);
  const value = [toBeSigned, algorithm, new BitString({ valueHex: signature })];
  return Buffer.from(new Sequence({ value }).toBER());
}

/** RFC 5758 §3.2: the hash goes with the size of the curve. */
function signatureOf(key: KeyObject): { hash: string; oid: string } {
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
    ? { hash: 'sha384', oid: '1.2.840.10045.4.3.3' }
    : { hash: 'sha256', oid: '1.2.840.10045.4.3.2' };
}

/** 20 random bytes with the top bit clear: positive, never zero, at most 20 octets (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(20);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes;
}

function explicit(tagNumber: number, member: AsnType): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [member] });
}

function copied(der: Uint8Array): AsnType {
  const { offset, result } = fromBER(der);
  if (offset !== der.length)
    throw new Error(`a field of the certificate is no DER: ${result.error}`);
  return result;
}

/** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5); whole seconds. */
function time(moment: Date): AsnType {
  const valueDate = new Date(Math.floor(moment.getTime() / 1000) * 1000);
  return valueDate.getUTCFullYear() < 2050
    ? new UTCTime({ valueDate })
    : new GeneralizedTime({ valueDate });
}
