import { createHash } from 'node:crypto';
import { certificateFields } from '../certificate-fields.ts';
import { isSignedBy } from '../certificate-signature.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerReader,
  enterOnly,
  MalformedDer,
  readOnly,
  tags,
} from '../der.ts';
import { dottedIdentifier, smallInteger } from '../der-values.ts';
import { nullValue, objectIdentifier, sequence } from '../der-writer.ts';
import { extensionOids } from '../extensions.ts';
import { signedAttributeOids } from './identifiers.ts';

/** One signer of a message (RFC 5652 §5.3). */
export interface SignerInfo {
  /** True when this certificate (DER) is the one named and its key signed this content. Never throws. */
  isMadeBy(certificate: Buffer, contentType: string, content: Buffer): boolean;
}

const hashes: ReadonlyMap<string, { readonly name: string; readonly rsa: string }> = new Map([
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', rsa: '1.2.840.113549.1.1.11' }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', rsa: '1.2.840.113549.1.1.12' }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', rsa: '1.2.840.113549.1.1.13' }],
]);

/** RFC 8017 §A.1: names the key alone; RFC 3370 §3.2 lets it stand for the signature too. */
const rsaEncryption = '1.2.840.113549.1.1.1';

interface Identifier {
  readonly issuerAndSerial: { readonly issuer: Buffer; readonly serialNumber: Buffer } | null;
  readonly keyIdentifier: Buffer | null;
}

interface Fields {
  readonly identifier: Identifier;
  readonly digestOid: string;
  /** The signed attributes as the SET OF their signature covers; null when the content is signed itself. */
  readonly signedAttributes: Buffer | null;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Buffer;
  readonly signature: Buffer;
}

/** @throws MalformedDer */
export function signerInfo(der: Buffer): SignerInfo {
  const fields = fieldsOf(der);
  return {
    isMadeBy: (certificate, contentType, content) => {
      try {
        return verifies(fields, certificate, contentType, content);
      } catch (error) {
        if (error instanceof MalformedDer) return false;
        throw error;
      }
    },
  };
}

function fieldsOf(der: Buffer): Fields {
  const reader = enterOnly(der, tags.sequence, 'a signer', 'BER');
  smallInteger(reader.take(tags.integer, 'the version of a signer').contents);
  const identifier = identifierOf(reader);
  const digestOid = algorithmOid(reader.take(tags.sequence, 'a digest algorithm').whole);
  const signed = reader.optional(contextConstructed(0));
  const signatureAlgorithm = reader.take(tags.sequence, 'a signature algorithm').whole;
  const signature = reader.take(tags.octetString, 'a signature').contents;
  reader.optional(contextConstructed(1));
  reader.end('a signer');
  return {
    identifier,
    digestOid,
    signedAttributes:
      signed === null ? null : Buffer.concat([Buffer.of(tags.set), signed.whole.subarray(1)]),
    signatureAlgorithm: explicitAlgorithm(signatureAlgorithm, digestOid),
    signature,
  };
}

function identifierOf(reader: DerReader): Identifier {
  const keyIdentifier = reader.optional(contextPrimitive(0));
  if (keyIdentifier !== null) {
    return { issuerAndSerial: null, keyIdentifier: keyIdentifier.contents };
  }
  const pair = reader.enter(tags.sequence, 'the name of a signer');
  const issuer = pair.take(tags.sequence, 'the issuer of a signer').whole;
  const serialNumber = pair.take(tags.integer, 'the serial number of a signer').contents;
  pair.end('the name of a signer');
  return { issuerAndSerial: { issuer, serialNumber }, keyIdentifier: null };
}

function algorithmOid(identifier: Buffer): string {
  const reader = enterOnly(identifier, tags.sequence, 'an algorithm');
  return dottedIdentifier(reader.take(tags.objectIdentifier, 'an algorithm').contents);
}

/** The algorithm with its digest in its name, where it was left to the digest field. */
function explicitAlgorithm(identifier: Buffer, digestOid: string): Buffer {
  const hash = hashes.get(digestOid);
  if (hash === undefined || algorithmOid(identifier) !== rsaEncryption) return identifier;
  return sequence(objectIdentifier(hash.rsa), nullValue());
}

function verifies(
  { identifier, digestOid, signedAttributes, signatureAlgorithm, signature }: Fields,
  certificate: Buffer,
  contentType: string,
  content: Buffer,
): boolean {
  const { spki } = certificateFields(certificate);
  if (!names(identifier, certificate)) return false;
  // RFC 5652 §5.3: they must be there unless the content is id-data, which CMC never is.
  if (signedAttributes === null) return false;
  const hash = hashes.get(digestOid);
  if (hash === undefined) return false;
  const found = attributesOf(signedAttributes);
  const digest = createHash(hash.name).update(content).digest();
  const type = found.get(signedAttributeOids.contentType);
  const covered =
    type !== undefined &&
    dottedIdentifier(readOnly(type, tags.objectIdentifier, 'a content type').contents) ===
      contentType;
  const stated = found.get(signedAttributeOids.messageDigest);
  const intact =
    stated !== undefined &&
    readOnly(stated, tags.octetString, 'a message digest').contents.equals(digest);
  return (
    covered && intact && isSignedBy({ tbs: signedAttributes, signatureAlgorithm, signature }, spki)
  );
}

function names({ issuerAndSerial, keyIdentifier }: Identifier, certificate: Buffer): boolean {
  const { issuer, serialNumber, extensions } = certificateFields(certificate);
  if (issuerAndSerial !== null) {
    return (
      issuer.equals(issuerAndSerial.issuer) && serialNumber.equals(issuerAndSerial.serialNumber)
    );
  }
  const value = extensions.get(extensionOids.subjectKeyIdentifier)?.value;
  if (value === undefined || keyIdentifier === null) return false;
  return readOnly(value, tags.octetString, 'a key identifier').contents.equals(keyIdentifier);
}

/** The single value of each signed attribute, DER, by OID. */
function attributesOf(set: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const { whole } of enterOnly(set, tags.set, 'the signed attributes').rest()) {
    const pair = enterOnly(whole, tags.sequence, 'a signed attribute');
    const oid = dottedIdentifier(pair.take(tags.objectIdentifier, 'a signed attribute').contents);
    const values = pair.enter(tags.set, 'the values of a signed attribute').rest();
    const [value] = values;
    if (found.has(oid)) throw new MalformedDer(`the signed attribute ${oid} stands twice`);
    if (value && values.length === 1) found.set(oid, value.whole);
  }
  return found;
}
