import {
  contextConstructed,
  contextPrimitive,
  type DerReader,
  enterOnly,
  MalformedDer,
  tags,
} from './der.ts';
import { integerOctets, smallInteger, timeValue, wholeBits } from './der-values.ts';
import { type Extensions, wrappedExtensions } from './extension-list.ts';
import { nameRdns } from './name.ts';

/** The fields of a certificate as they stand in its DER (RFC 5280 §4.1). */
export interface CertificateFields {
  readonly der: Buffer;
  /** TBSCertificate: what the issuer signed. */
  readonly tbs: Buffer;
  readonly version: 1 | 2 | 3;
  /** The octets of the INTEGER. */
  readonly serialNumber: Buffer;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Buffer;
  readonly issuer: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Buffer;
  readonly spki: Buffer;
  readonly extensions: Extensions;
  readonly signature: Buffer;
}

const largestCertificate = 65_536;
const longestSerialNumber = 60;

/** @throws MalformedDer when `der` is not one strict, bounded X.509 certificate. */
export function certificateFields(der: Uint8Array): CertificateFields {
  if (der.length > largestCertificate) {
    throw new MalformedDer(`it is larger than ${largestCertificate} bytes`);
  }
  const copy = Buffer.from(der);
  const outer = enterOnly(copy, tags.sequence, 'a certificate');
  const tbs = outer.take(tags.sequence, 'the signed part of a certificate');
  const signatureAlgorithm = outer.take(tags.sequence, 'the signature algorithm').whole;
  const signature = wholeBits(outer.take(tags.bitString, 'the signature').contents);
  outer.end('the signature');

  const reader = enterOnly(tbs.whole, tags.sequence, 'the signed part of a certificate');
  const version = versionOf(reader);
  const serialNumber = integerOctets(reader.take(tags.integer, 'the serial number').contents);
  if (serialNumber.length > longestSerialNumber) {
    throw new MalformedDer('the serial number is far too long');
  }
  const signedAlgorithm = reader.take(tags.sequence, 'the signature algorithm').whole;
  if (!signedAlgorithm.equals(signatureAlgorithm)) {
    throw new MalformedDer('the two signature algorithms differ (RFC 5280 §4.1.1.2)');
  }
  const issuer = nameOf(reader, 'the issuer');
  const validity = reader.enter(tags.sequence, 'the validity');
  const notBefore = timeValue(validity.next());
  const notAfter = timeValue(validity.next());
  validity.end('the validity');
  const subject = nameOf(reader, 'the subject');
  const spki = reader.take(tags.sequence, 'the public key').whole;
  reader.optional(contextPrimitive(1));
  reader.optional(contextPrimitive(2));
  const extensions = wrappedExtensions(reader, contextConstructed(3));
  reader.end('the fields of a certificate');
  if (extensions.size > 0 && version !== 3) {
    throw new MalformedDer('only version 3 may have extensions (RFC 5280 §4.1.2.9)');
  }
  return {
    der: copy,
    tbs: tbs.whole,
    version,
    serialNumber,
    signatureAlgorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki,
    extensions,
    signature,
  };
}

function versionOf(reader: DerReader): 1 | 2 | 3 {
  const wrapped = reader.optional(contextConstructed(0));
  if (wrapped === null) return 1;
  const inner = enterOnly(wrapped.whole, contextConstructed(0), 'the version');
  const number = smallInteger(inner.take(tags.integer, 'the version').contents);
  inner.end('the version');
  if (number === 1) return 2;
  if (number === 2) return 3;
  throw new MalformedDer('the version is none of X.509');
}

/** A Name whose structure has been checked. */
function nameOf(reader: DerReader, what: string): Buffer {
  const { whole } = reader.take(tags.sequence, what);
  nameRdns(whole);
  return whole;
}
