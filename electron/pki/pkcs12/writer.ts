import { createHmac, randomBytes } from 'node:crypto';
import { contextConstructed, contextPrimitive, tags } from '../der.ts';
import {
  element,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../der-writer.ts';
import {
  bagTypes,
  contentTypes,
  friendlyName,
  localKeyId,
  sha256,
  x509Certificate,
} from './identifiers.ts';
import { bmpPassword, deriveOctets } from './key-derivation.ts';
import { encryptWithPassword, integer } from './password-encryption.ts';

/** A key with its certificates, for another program. */
export interface Pkcs12Content {
  /** PrivateKeyInfo, DER, in clear; the caller zeroes it. */
  readonly key: Uint8Array;
  /** Shown by other programs. */
  readonly name: string;
  /** DER, the key's own first. */
  readonly certificates: readonly Uint8Array[];
}

/** localKeyId, which joins the one key and its certificate. */
const joint = Buffer.of(1);

/** PBKDF2 takes a tenth of a second for so many; the integrity check of RFC 7292 is the weaker one by nature. */
const usual = { encryption: 210_000, mac: 10_000 } as const;

/**
 * Writes a PKCS#12 file (RFC 7292): AES-256-CBC by PBES2 with HMAC-SHA-256, integrity by HMAC-SHA-256.
 * @param password UTF-8.
 * @returns PFX, DER.
 */
export function writePkcs12(
  { key, name, certificates }: Pkcs12Content,
  password: Uint8Array,
  iterations: { readonly encryption: number; readonly mac: number } = usual,
): Buffer {
  const named = [
    attribute(localKeyId, octetString(joint)),
    attribute(friendlyName, bmpString(name)),
  ];
  const certificateBags = certificates.map((der, index) =>
    bag(
      bagTypes.certificate,
      sequence(objectIdentifier(x509Certificate), explicit(octetString(der))),
      index === 0 ? named : [],
    ),
  );
  const shrouded = encryptWithPassword(key, password, iterations.encryption);
  const keyBag = bag(
    bagTypes.shroudedKey,
    sequence(shrouded.algorithm, octetString(shrouded.encrypted)),
    named,
  );
  const safe = sequence(
    encryptedPart(sequence(...certificateBags), password, iterations.encryption),
    dataPart(sequence(keyBag)),
  );
  const mac = macOf(safe, password, iterations.mac);
  return sequence(integer(3), dataPart(safe), mac);
}

function dataPart(content: Buffer): Buffer {
  return sequence(objectIdentifier(contentTypes.data), explicit(octetString(content)));
}

function encryptedPart(content: Buffer, password: Uint8Array, iterations: number): Buffer {
  const { algorithm, encrypted } = encryptWithPassword(content, password, iterations);
  const info = sequence(
    objectIdentifier(contentTypes.data),
    algorithm,
    element(contextPrimitive(0), encrypted),
  );
  const encryptedData = sequence(integer(0), info);
  return sequence(objectIdentifier(contentTypes.encryptedData), explicit(encryptedData));
}

function macOf(content: Buffer, password: Uint8Array, iterations: number): Buffer {
  const salt = randomBytes(16);
  const bmp = bmpPassword(password);
  const key = deriveOctets('sha256', bmp, salt, iterations, 'mac', 32);
  bmp.fill(0);
  const digest = createHmac('sha256', key).update(content).digest();
  const algorithm = sequence(objectIdentifier(sha256), nullValue());
  return sequence(sequence(algorithm, octetString(digest)), octetString(salt), integer(iterations));
}

function bag(type: string, value: Buffer, attributes: readonly Buffer[]): Buffer {
  const described = attributes.length === 0 ? [] : [setOf(...attributes)];
  return sequence(objectIdentifier(type), explicit(value), ...described);
}

function attribute(type: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(type), setOf(value));
}

const explicit = (content: Buffer): Buffer => element(contextConstructed(0), content);

function bmpString(text: string): Buffer {
  return element(tags.bmpString, Buffer.from(text, 'utf16le').swap16());
}
