import {
  constants,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { fromBER, OctetString } from 'asn1js';
import {
  AlgorithmIdentifier,
  ContentInfo,
  EnvelopedData,
  IssuerAndSerialNumber,
  KEKRecipientInfo,
  type KeyAgreeRecipientIdentifier,
  KeyAgreeRecipientInfo,
  KeyTransRecipientInfo,
  RSAESOAEPParams,
} from 'pkijs';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from './certificate.ts';
import { decryptContent, type Opened } from './content-decryption.ts';
import { contextConstructed } from './der.ts';
import { element, octetString, sequence } from './der-writer.ts';
import { octets, opening, unsupported, unusable } from './opening.ts';
import { keyIdentifier } from './public-key.ts';

/** What opens an EnvelopedData. */
export type DecryptionKey =
  | {
      readonly kind: 'private';
      /** RSA or EC. */
      readonly key: KeyObject;
      /** Its certificate, DER, if there is one: the sender may name it by issuer and serial number. */
      readonly certificate: Uint8Array | null;
    }
  | {
      readonly kind: 'secret';
      /** Key encryption key: 16, 24 or 32 octets. */
      readonly key: Uint8Array;
      readonly identifier: Uint8Array;
    };

const envelopedData = '1.2.840.113549.1.7.3';
const otherTypes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.7.1': 'data without protection',
  '1.2.840.113549.1.7.2': 'SignedData without encryption',
  '1.2.840.113549.1.7.6': 'EncryptedData, whose key nobody was told',
  '1.2.840.113549.1.9.16.1.23': 'AuthEnvelopedData',
};
const mostRecipients = 32;

/**
 * Opens EnvelopedData (RFC 5652 §6): key transport with RSA, key agreement with ECDH, or a key encryption key; AES in
 * CBC or GCM mode.
 * @param cms ContentInfo, DER or BER.
 * @throws StationError KEY-05 when no recipient is this key, KEY-06 for another protection or other algorithms, KEY-01
 *   when it is malformed or does not open.
 */
export function openEnvelopedData(cms: Uint8Array, decryption: DecryptionKey): Opened {
  const enveloped = parse(cms);
  const contentKey = contentKeyOf(enveloped, decryption);
  try {
    return decryptContent(enveloped, contentKey);
  } finally {
    contentKey.fill(0);
  }
}

function parse(cms: Uint8Array): EnvelopedData {
  const read = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw unusable('it is no CMS message, or a malformed one', error);
    }
  };
  const info = read(() => {
    const { result, offset } = fromBER(exactly(cms));
    if (offset !== cms.length) throw new Error('something follows');
    return new ContentInfo({ schema: result });
  });
  if (info.contentType !== envelopedData) {
    const detail = otherTypes[info.contentType] ?? `the content type ${info.contentType}`;
    throw new StationError('KEY-06', { detail: `it is ${detail}` });
  }
  const enveloped = read(() => new EnvelopedData({ schema: info.content }));
  if (enveloped.recipientInfos.length > mostRecipients) {
    throw unusable(`it has more than ${mostRecipients} recipients`);
  }
  return enveloped;
}

/** Tries every recipient that is this key. */
function contentKeyOf({ recipientInfos }: EnvelopedData, decryption: DecryptionKey): Buffer {
  const names: string[] = [];
  for (const { value } of recipientInfos) {
    if (value instanceof KEKRecipientInfo) {
      const identifier = octets(value.kekid?.keyIdentifier);
      names.push(`key encryption key ${shown(identifier)}`);
      if (decryption.kind === 'secret' && identifier.equals(decryption.identifier)) {
        return unwrapWithKek(value, decryption.key);
      }
    } else if (value instanceof KeyTransRecipientInfo) {
      names.push('an RSA key');
      if (decryption.kind === 'private' && isMe(value.rid, decryption)) {
        return transport(value, decryption.key);
      }
    } else if (value instanceof KeyAgreeRecipientInfo) {
      const own = value.recipientEncryptedKeys?.encryptedKeys.find(
        ({ rid }) =>
          decryption.kind === 'private' && rid !== undefined && isAgreeing(rid, decryption),
      );
      names.push('an EC key');
      if (decryption.kind === 'private' && own !== undefined) {
        return agree(value, octets(own.encryptedKey), decryption.key);
      }
    } else {
      names.push('a recipient of another kind');
    }
  }
  const detail = names.length === 0 ? 'it has no recipient' : `it is for ${names.join(', ')}`;
  throw new StationError('KEY-05', { detail });
}

type PrivateDecryption = Extract<DecryptionKey, { kind: 'private' }>;

function isAgreeing(rid: KeyAgreeRecipientIdentifier, decryption: PrivateDecryption): boolean {
  // Variant 2 is RecipientKeyIdentifier (RFC 5652 §6.2.2), 1 the issuer and serial number.
  const { value } = rid as { value: { subjectKeyIdentifier?: OctetString } };
  return isMe(rid.variant === 2 ? value.subjectKeyIdentifier : value, decryption);
}

/** The recipient is named by key identifier or by its certificate's issuer and serial number. */
function isMe(rid: unknown, { key, certificate }: PrivateDecryption): boolean {
  if (rid instanceof IssuerAndSerialNumber) {
    if (certificate === null) return false;
    const { issuerDer, serialNumber } = readCertificate(certificate);
    const issuer = Buffer.from(rid.issuer.toSchema().toBER());
    const serial = BigInt(
      `0x${Buffer.from(rid.serialNumber.valueBlock.valueHexView).toString('hex') || '0'}`,
    );
    return issuer.equals(issuerDer) && serial === BigInt(`0x${serialNumber}`);
  }
  if (!(rid instanceof OctetString) && !hasOctets(rid)) return false;
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return octets(rid).toString('hex') === keyIdentifier(spki);
}

/** RFC 3394 key wrap by the key encryption algorithm. */
function unwrapWithKek(
  { keyEncryptionAlgorithm, encryptedKey }: KEKRecipientInfo,
  kek: Uint8Array,
) {
  return unwrap(keyEncryptionAlgorithm.algorithmId, kek, octets(encryptedKey));
}

/** RFC 3565 §2.3.2. */
const keyWraps: Readonly<Record<string, { cipher: string; length: number }>> = {
  '2.16.840.1.101.3.4.1.5': { cipher: 'id-aes128-wrap', length: 16 },
  '2.16.840.1.101.3.4.1.25': { cipher: 'id-aes192-wrap', length: 24 },
  '2.16.840.1.101.3.4.1.45': { cipher: 'id-aes256-wrap', length: 32 },
};
const wrapInitialValue = Buffer.alloc(8, 0xa6);

function unwrap(oid: string, kek: Uint8Array, wrapped: Buffer): Buffer {
  const wrapping = keyWraps[oid];
  if (wrapping === undefined) throw unsupported('key wrap', oid);
  if (kek.length !== wrapping.length) throw unusable('its key wrap has another key length');
  return opening(() => {
    const decipher = createDecipheriv(wrapping.cipher, kek, wrapInitialValue);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  });
}

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** RSAES-PKCS1-v1_5 (RFC 3370 §4.2.1) and RSAES-OAEP (RFC 4055 §4.1). */
function transport(info: KeyTransRecipientInfo, key: KeyObject): Buffer {
  const { algorithmId, algorithmParams } = info.keyEncryptionAlgorithm;
  const encrypted = octets(info.encryptedKey);
  if (algorithmId === '1.2.840.113549.1.1.1') {
    const padding = constants.RSA_PKCS1_PADDING;
    return opening(() => privateDecrypt({ key, padding }, encrypted));
  }
  if (algorithmId !== '1.2.840.113549.1.1.7') throw unsupported('key transport', algorithmId);
  const oaepHash = opening(() => {
    const parameters = new RSAESOAEPParams(algorithmParams ? { schema: algorithmParams } : {});
    return hashes[parameters.hashAlgorithm.algorithmId];
  });
  if (oaepHash === undefined) throw unsupported('OAEP hash', algorithmId);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return opening(() => privateDecrypt({ key, padding, oaepHash }, encrypted));
}

/** dhSinglePass-stdDH-sha*kdf-scheme (RFC 5753 §7.1.4, RFC 8418 has others): the hash of its key derivation. */
const agreements: Readonly<Record<string, string>> = {
  '1.3.133.16.840.63.0.2': 'sha1',
  '1.3.132.1.11.0': 'sha224',
  '1.3.132.1.11.1': 'sha256',
  '1.3.132.1.11.2': 'sha384',
  '1.3.132.1.11.3': 'sha512',
};

/** Ephemeral-static ECDH (RFC 5753 §3.1). */
function agree(info: KeyAgreeRecipientInfo, wrapped: Buffer, key: KeyObject): Buffer {
  const { algorithmId, algorithmParams } = info.keyEncryptionAlgorithm;
  const hash = agreements[algorithmId];
  if (hash === undefined) throw unsupported('key agreement', algorithmId);
  const wrapping = opening(() => new AlgorithmIdentifier({ schema: algorithmParams }));
  const length = keyWraps[wrapping.algorithmId]?.length;
  if (length === undefined) throw unsupported('key wrap', wrapping.algorithmId);
  const secret = opening(() => {
    const publicKey = originatorKey(info, key);
    return diffieHellman({ privateKey: key, publicKey });
  });
  const shared = sharedInfo(wrapping, info.ukm === undefined ? null : octets(info.ukm), length);
  const kek = x963(hash, secret, shared, length);
  try {
    return unwrap(wrapping.algorithmId, kek, wrapped);
  } finally {
    secret.fill(0);
    kek.fill(0);
  }
}

/** The sender's ephemeral key; its curve may be left to the recipient's (RFC 5753 §3.1.1). */
function originatorKey({ originator }: KeyAgreeRecipientInfo, key: KeyObject): KeyObject {
  if (originator?.variant !== 3) throw new Error('the originator is no key');
  const point = Buffer.from(originator.value.publicKey.valueBlock.valueHexView);
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' });
  // Same curve, same length of point: the own key's encoding with the other point in it.
  const spki = Buffer.concat([own.subarray(0, own.length - point.length), point]);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

/** ECC-CMS-SharedInfo, DER (RFC 5753 §7.2). */
function sharedInfo(wrapping: AlgorithmIdentifier, ukm: Buffer | null, length: number): Buffer {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(length * 8);
  return sequence(
    Buffer.from(wrapping.toSchema().toBER()),
    ...(ukm === null ? [] : [element(contextConstructed(0), octetString(ukm))]),
    element(contextConstructed(2), octetString(bits)),
  );
}

/** ANSI X9.63 key derivation (SEC 1 §3.6.1). */
function x963(hash: string, secret: Buffer, info: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 1; Buffer.concat(blocks).length < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    blocks.push(createHash(hash).update(secret).update(count).update(info).digest());
  }
  return Buffer.from(Buffer.concat(blocks).subarray(0, length));
}

function hasOctets(value: unknown): value is OctetString {
  return typeof value === 'object' && value !== null && 'valueBlock' in value;
}

function exactly(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function shown(identifier: Buffer): string {
  return identifier.toString('hex').slice(0, 64);
}
