import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type DerReader, type Element, MalformedDer, tags } from '../der.ts';
import { dottedIdentifier, smallInteger } from '../der-values.ts';
import {
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from '../der-writer.ts';
import { octetsOf, readerOf } from './ber.ts';
import { aes256Cbc, hmacSha256, pbes2, pbkdf2 } from './identifiers.ts';
import { bmpPassword, deriveOctets } from './key-derivation.ts';

/** More iterations than anybody uses keep a hostile file from keeping the station busy. */
const mostIterations = { pbkdf2: 1_000_000, pkcs12: 100_000 } as const;

/** Pseudo-random functions of PBKDF2 (RFC 8018 §B.1.2) by the hash inside. */
export const prfHashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const hmacSha1 = '1.2.840.113549.2.7';

const ciphers: Readonly<Record<string, { name: string; keyLength: number; ivLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
};

/** Encryption of RFC 7292 §C that is old and still met: length of the Triple-DES key. */
const tripleDes: Readonly<Record<string, number>> = {
  '1.2.840.113549.1.12.1.3': 24,
  '1.2.840.113549.1.12.1.4': 16,
};
const retired: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4',
  '1.2.840.113549.1.12.1.2': 'RC4 with 40 bits',
  '1.2.840.113549.1.12.1.5': 'RC2',
  '1.2.840.113549.1.12.1.6': 'RC2 with 40 bits',
  '1.2.840.113549.1.5.3': 'DES with MD5',
  '1.2.840.113549.1.5.10': 'DES with SHA-1',
};

/**
 * Opens what a password protects.
 * @param algorithm AlgorithmIdentifier: PBES2 with AES or Triple-DES, or Triple-DES by RFC 7292.
 * @param password UTF-8.
 * @throws StationError KEYFILE-02 (does not open), KEYFILE-03 (an algorithm the station does not have); MalformedDer.
 */
export function decryptWithPassword(
  algorithm: Element,
  encrypted: Uint8Array,
  password: Uint8Array,
): Buffer {
  const reader = readerOf(algorithm, tags.sequence, 'an encryption algorithm');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'its identifier').contents);
  const { cipher, key, iv } = oid === pbes2 ? modern(reader, password) : old(oid, reader, password);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (error) {
    throw new StationError('KEYFILE-02', {}, { cause: error });
  } finally {
    key.fill(0);
  }
}

interface CipherSetup {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** PBES2-params (RFC 8018 §A.4). */
function modern(reader: DerReader, password: Uint8Array): CipherSetup {
  const parameters = reader.enter(tags.sequence, 'the parameters of PBES2');
  const derivation = parameters.take(tags.sequence, 'the key derivation');
  const encryption = parameters.enter(tags.sequence, 'the encryption scheme');
  const oid = dottedIdentifier(encryption.take(tags.objectIdentifier, 'its identifier').contents);
  const cipher = ciphers[oid];
  if (cipher === undefined) throw unsupported(`the encryption ${oid}`);
  const iv = encryption.take(tags.octetString, 'the initial vector').contents;
  if (iv.length !== cipher.ivLength) throw new MalformedDer('the initial vector is too short');
  const key = derivedKey(derivation, password, cipher.keyLength);
  return { cipher: cipher.name, key, iv };
}

/** Key of PBKDF2 (RFC 8018 §A.2). @param derivation AlgorithmIdentifier. @throws StationError KEYFILE-03 */
export function derivedKey(derivation: Element, password: Uint8Array, length: number): Buffer {
  const reader = readerOf(derivation, tags.sequence, 'the key derivation');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'its identifier').contents);
  if (oid !== pbkdf2) throw unsupported(`the key derivation ${oid}`);
  const parameters = reader.enter(tags.sequence, 'the parameters of PBKDF2');
  const salt = parameters.take(tags.octetString, 'the salt').contents;
  const iterations = iterationsOf(parameters, 'pbkdf2');
  const given = parameters.optional(tags.integer);
  if (given !== null && smallInteger(given.contents) !== length) {
    throw new MalformedDer('the length of the key is not that of its cipher');
  }
  const prf = parameters.nextTag === null ? hmacSha1 : identifierOf(parameters);
  const digest = prfHashes[prf];
  if (digest === undefined) throw unsupported(`the pseudo-random function ${prf}`);
  return pbkdf2Sync(password, salt, iterations, length, digest);
}

function identifierOf(reader: DerReader): string {
  const algorithm = reader.enter(tags.sequence, 'an algorithm');
  return dottedIdentifier(algorithm.take(tags.objectIdentifier, 'its identifier').contents);
}

/** How often; bounded. @throws StationError KEYFILE-03 */
export function iterationsOf(reader: DerReader, kind: keyof typeof mostIterations): number {
  const iterations = smallInteger(reader.take(tags.integer, 'the number of iterations').contents);
  if (iterations < 1) throw new MalformedDer('the number of iterations is not positive');
  if (iterations > mostIterations[kind]) throw unsupported(`${iterations} iterations`);
  return iterations;
}

/** pkcs-12PbeParams (RFC 7292 §C). */
function old(oid: string, reader: DerReader, password: Uint8Array): CipherSetup {
  const length = tripleDes[oid];
  if (length === undefined) throw unsupported(retired[oid] ?? `the encryption ${oid}`);
  const parameters = reader.enter(tags.sequence, 'the parameters of the encryption');
  const salt = octetsOf(parameters.next());
  const iterations = iterationsOf(parameters, 'pkcs12');
  const bmp = bmpPassword(password);
  try {
    const derived = deriveOctets('sha1', bmp, salt, iterations, 'key', length);
    const iv = deriveOctets('sha1', bmp, salt, iterations, 'iv', 8);
    // Two-key Triple-DES uses its first part again.
    const key = Buffer.concat([derived, derived]).subarray(0, 24);
    return { cipher: 'des-ede3-cbc', key, iv };
  } finally {
    bmp.fill(0);
  }
}

/**
 * Protects octets with a password: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018 §6.2).
 * @param password UTF-8.
 * @returns AlgorithmIdentifier, DER, and the encrypted octets.
 */
export function encryptWithPassword(
  content: Uint8Array,
  password: Uint8Array,
  iterations: number,
): { readonly algorithm: Buffer; readonly encrypted: Buffer } {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  key.fill(0);
  const prf = sequence(objectIdentifier(hmacSha256), nullValue());
  const derivation = sequence(
    objectIdentifier(pbkdf2),
    sequence(octetString(salt), integer(iterations), prf),
  );
  const encryption = sequence(objectIdentifier(aes256Cbc), octetString(iv));
  const algorithm = sequence(objectIdentifier(pbes2), sequence(derivation, encryption));
  return { algorithm, encrypted };
}

/** An INTEGER from a number below 2^31. */
export function integer(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return unsignedInteger(octets);
}

function unsupported(detail: string): StationError {
  return new StationError('KEYFILE-03', { detail });
}
