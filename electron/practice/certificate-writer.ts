import { type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  objectIdentifier,
  sequence,
  setOf,
  unsignedInteger,
} from '../pki/der-writer.ts';
import { explicit, time, utf8String } from './der.ts';

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
  /** Finished extensions, DER. */
  readonly extensions: readonly Uint8Array[];
}

/** A Name, DER, with one common name and one organisation, both UTF8String. */
export function distinguishedName(organisation: string, commonName: string): Buffer {
  return sequence(attribute('2.5.4.10', organisation), attribute('2.5.4.3', commonName));
}

function attribute(oid: string, value: string): Buffer {
  return setOf(sequence(objectIdentifier(oid), utf8String(value)));
}

/** 20 random bytes with the top bit clear: positive, never zero, at most 20 octets (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(20);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes;
}

/** Signs a version 3 certificate (RFC 5280 §4.1) with ECDSA; returns its DER. */
export function signCertificate(contents: CertificateContents, signer: Signer): Buffer {
  const { hash, oid } = signatureOf(signer.key);
  const algorithm = sequence(objectIdentifier(oid));
  const toBeSigned = sequence(
    explicit(0, unsignedInteger(Buffer.of(2))),
    unsignedInteger(serialNumber()),
    algorithm,
    signer.name,
    sequence(time(contents.notBefore), time(contents.notAfter)),
    contents.subject,
    contents.spki,
    explicit(3, sequence(...contents.extensions)),
  );
  return sequence(toBeSigned, algorithm, bitString(sign(hash, toBeSigned, signer.key)));
}

/** RFC 5758 §3.2: the hash goes with the size of the curve. */
function signatureOf(key: KeyObject): { hash: string; oid: string } {
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
    ? { hash: 'sha384', oid: '1.2.840.10045.4.3.3' }
    : { hash: 'sha256', oid: '1.2.840.10045.4.3.2' };
}
