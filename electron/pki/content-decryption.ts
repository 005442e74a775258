import { createDecipheriv } from 'node:crypto';
import { Integer, OctetString, Sequence } from 'asn1js';
import type { EnvelopedData } from 'pkijs';
import { octets, opening, unsupported, unusable } from './opening.ts';

export interface Opened {
  /** Dotted OID of the content's type. */
  readonly contentType: string;
  /** The content's octets; the caller zeroes them. */
  readonly content: Buffer;
}

interface ContentCipher {
  readonly mode: 'cbc' | 'gcm';
  readonly bits: 128 | 192 | 256;
}

const contentCiphers: Readonly<Record<string, ContentCipher>> = {
  '2.16.840.1.101.3.4.1.2': { mode: 'cbc', bits: 128 },
  '2.16.840.1.101.3.4.1.22': { mode: 'cbc', bits: 192 },
  '2.16.840.1.101.3.4.1.42': { mode: 'cbc', bits: 256 },
  '2.16.840.1.101.3.4.1.6': { mode: 'gcm', bits: 128 },
  '2.16.840.1.101.3.4.1.26': { mode: 'gcm', bits: 192 },
  '2.16.840.1.101.3.4.1.46': { mode: 'gcm', bits: 256 },
};
const tagLength = 16;

/**
 * Decrypts the content: AES in CBC mode (RFC 3565), or in GCM mode with the tag behind the text.
 * @throws StationError KEY-01, KEY-06
 */
export function decryptContent({ encryptedContentInfo }: EnvelopedData, key: Buffer): Opened {
  const { contentType, contentEncryptionAlgorithm, encryptedContent } = encryptedContentInfo;
  const { algorithmId, algorithmParams } = contentEncryptionAlgorithm;
  const cipher = contentCiphers[algorithmId];
  if (cipher === undefined) throw unsupported('content encryption', algorithmId);
  if (encryptedContent === undefined) throw unusable('its content is missing');
  if (key.length * 8 !== cipher.bits) throw unusable('its content key has another length');
  const encrypted = opening(() => Buffer.from(encryptedContentInfo.getEncryptedContent()));
  const iv = opening(() => initialVector(algorithmParams));
  const content = opening(() =>
    cipher.mode === 'cbc'
      ? decryptCbc(cipher.bits, key, iv, encrypted)
      : decryptGcm(cipher.bits, key, iv, encrypted),
  );
  return { contentType, content };
}

/** An OCTET STRING (RFC 3565 §2.1), or GCMParameters, which begin with one (RFC 5084 §3.2). */
function initialVector(parameters: unknown): Buffer {
  if (parameters instanceof OctetString) return octets(parameters);
  if (parameters instanceof Sequence) {
    const [nonce, length] = parameters.valueBlock.value;
    const tag = length instanceof Integer ? length.valueBlock.valueDec : 12;
    if (nonce instanceof OctetString && tag === tagLength) return octets(nonce);
  }
  throw new Error('the parameters are malformed');
}

function decryptCbc(bits: number, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${bits}-cbc`, key, iv);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]);
}

/** Whoever puts GCM into EnvelopedData lets the tag follow the text. */
function decryptGcm(bits: 128 | 192 | 256, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const end = encrypted.length - tagLength;
  const decipher = createDecipheriv(`aes-${bits}-gcm`, key, iv, { authTagLength: tagLength });
  decipher.setAuthTag(encrypted.subarray(end));
  return Buffer.concat([decipher.update(encrypted.subarray(0, end)), decipher.final()]);
}
