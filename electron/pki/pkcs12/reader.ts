import { createHmac, timingSafeEqual } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import { contextConstructed, type DerReader, type Element, MalformedDer, tags } from '../der.ts';
import { dottedIdentifier, smallInteger } from '../der-values.ts';
import { reading } from '../refusal.ts';
import { enterBer, octetsOf, readerOf } from './ber.ts';
import { bagTypes, contentTypes, localKeyId, pbmac1, x509Certificate } from './identifiers.ts';
import { bmpPassword, type DerivationHash, deriveOctets } from './key-derivation.ts';
import { decryptWithPassword, derivedKey, iterationsOf, prfHashes } from './password-encryption.ts';

/** What a PKCS#12 file holds. */
export interface Pkcs12 {
  /** PrivateKeyInfo, DER, in clear: the caller zeroes them. */
  readonly keys: Buffer[];
  /** DER, in the order of the file; `ofKey`: it says that it belongs to a key. */
  readonly certificates: { readonly der: Buffer; readonly ofKey: boolean }[];
}

const mostOctets = 1_048_576;
const mostBags = 256;
const deepest = 4;

const macHashes: Readonly<Record<string, DerivationHash>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/**
 * Reads a PKCS#12 file (RFC 7292) in password integrity and privacy mode. Its integrity is checked before anything
 * inside is decrypted.
 * @param password UTF-8.
 * @throws StationError KEYFILE-01 (malformed), KEYFILE-02 (the password), KEYFILE-03 (algorithms nobody has here).
 */
export function readPkcs12(file: Uint8Array, password: Uint8Array): Pkcs12 {
  return reading('KEYFILE-01', () => {
    if (file.length > mostOctets) throw new MalformedDer('it is too large');
    const pfx = enterBer(file, tags.sequence, 'the PKCS#12 file');
    const version = smallInteger(pfx.take(tags.integer, 'its version').contents);
    if (version !== 3) throw new MalformedDer(`it is version ${version} and not 3`);
    const safe = contentOf(pfx.take(tags.sequence, 'its content'));
    if (safe.type !== contentTypes.data) {
      throw new StationError('KEYFILE-03', { detail: 'its integrity is protected by a signature' });
    }
    const authenticated = octetsOf(safe.content);
    if (pfx.nextTag === null) {
      throw new MalformedDer('its integrity is not protected by a password');
    }
    checkMac(pfx.take(tags.sequence, 'its MAC'), authenticated, password);
    pfx.end('the PKCS#12 file');
    return bagsOf(authenticated, password);
  });
}

interface Content {
  readonly type: string;
  readonly content: Element;
}

/** ContentInfo (RFC 5652 §3): its type and what stands under [0]. */
function contentOf(info: Element): Content {
  const reader = readerOf(info, tags.sequence, 'a part of the file');
  const type = dottedIdentifier(reader.take(tags.objectIdentifier, 'a content type').contents);
  const wrapped = reader.enter(contextConstructed(0), 'a content');
  const content = wrapped.next();
  wrapped.end('a content');
  return { type, content };
}

/** MacData (RFC 7292 §4), also with PBMAC1 (RFC 9579). @throws StationError KEYFILE-02 when it does not fit */
function checkMac(mac: Element, content: Buffer, password: Uint8Array): void {
  const reader = readerOf(mac, tags.sequence, 'the MAC');
  const info = reader.enter(tags.sequence, 'the MAC');
  const algorithm = info.enter(tags.sequence, 'the algorithm of the MAC');
  const oid = dottedIdentifier(algorithm.take(tags.objectIdentifier, 'its identifier').contents);
  const expected = octetsOf(info.next());
  const made =
    oid === pbmac1
      ? modernMac(algorithm, content, password)
      : ordinaryMac(oid, reader, content, password);
  if (made.length !== expected.length || !timingSafeEqual(made, expected)) {
    throw new StationError('KEYFILE-02');
  }
}

function ordinaryMac(
  oid: string,
  reader: DerReader,
  content: Buffer,
  password: Uint8Array,
): Buffer {
  const digest = macHashes[oid];
  if (digest === undefined) throw new StationError('KEYFILE-03', { detail: `the MAC ${oid}` });
  const salt = octetsOf(reader.next());
  const iterations = reader.nextTag === null ? 1 : iterationsOf(reader, 'pkcs12');
  const bmp = bmpPassword(password);
  const length = createHmac(digest, '').digest().length;
  const key = deriveOctets(digest, bmp, salt, iterations, 'mac', length);
  bmp.fill(0);
  return createHmac(digest, key).update(content).digest();
}

function modernMac(algorithm: DerReader, content: Buffer, password: Uint8Array): Buffer {
  const parameters = algorithm.enter(tags.sequence, 'the parameters of PBMAC1');
  const derivation = parameters.take(tags.sequence, 'the key derivation');
  const scheme = parameters.enter(tags.sequence, 'the MAC scheme');
  const oid = dottedIdentifier(scheme.take(tags.objectIdentifier, 'its identifier').contents);
  const digest = prfHashes[oid];
  if (digest === undefined) throw new StationError('KEYFILE-03', { detail: `the MAC ${oid}` });
  const length = createHmac(digest, '').digest().length;
  return createHmac(digest, derivedKey(derivation, password, length))
    .update(content)
    .digest();
}

function bagsOf(authenticated: Buffer, password: Uint8Array): Pkcs12 {
  const found: Pkcs12 = { keys: [], certificates: [] };
  const parts = enterBer(authenticated, tags.sequence, 'the authenticated safe').rest();
  if (parts.length > mostBags) throw new MalformedDer('it has too many parts');
  for (const part of parts) {
    const { type, content } = contentOf(part);
    if (type === contentTypes.data) {
      collect(octetsOf(content), password, found, 0);
    } else if (type === contentTypes.encryptedData) {
      const clear = decryptedPart(content, password);
      collect(clear, password, found, 0);
      clear.fill(0);
    } else {
      throw new StationError('KEYFILE-03', { detail: `a part is of the type ${type}` });
    }
  }
  return found;
}

/** EncryptedData (RFC 5652 §8). */
function decryptedPart(content: Element, password: Uint8Array): Buffer {
  const reader = readerOf(content, tags.sequence, 'an encrypted part');
  reader.take(tags.integer, 'the version of an encrypted part');
  const info = reader.enter(tags.sequence, 'an encrypted part');
  info.take(tags.objectIdentifier, 'the type of an encrypted part');
  const algorithm = info.take(tags.sequence, 'the encryption of a part');
  return decryptWithPassword(algorithm, octetsOf(info.next()), password);
}

/** SafeContents (RFC 7292 §4.2); bags the station has no use for are passed over. */
function collect(contents: Buffer, password: Uint8Array, found: Pkcs12, depth: number): void {
  if (depth >= deepest) throw new MalformedDer('it is nested too deeply');
  for (const bag of enterBer(contents, tags.sequence, 'safe contents').rest()) {
    if (found.keys.length + found.certificates.length >= mostBags) {
      throw new MalformedDer('it holds too many keys and certificates');
    }
    const reader = readerOf(bag, tags.sequence, 'a bag');
    const type = dottedIdentifier(reader.take(tags.objectIdentifier, 'the type of a bag').contents);
    const value = reader.enter(contextConstructed(0), 'the value of a bag').next();
    if (type === bagTypes.key) found.keys.push(Buffer.from(value.whole));
    if (type === bagTypes.shroudedKey) found.keys.push(openedKey(value, password));
    if (type === bagTypes.safeContents) collect(value.whole, password, found, depth + 1);
    if (type === bagTypes.certificate) {
      const der = certificateOf(value);
      if (der !== null) found.certificates.push({ der, ofKey: hasLocalKeyId(reader) });
    }
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). */
function openedKey(value: Element, password: Uint8Array): Buffer {
  const reader = readerOf(value, tags.sequence, 'an encrypted key');
  const algorithm = reader.take(tags.sequence, 'the encryption of a key');
  return decryptWithPassword(algorithm, octetsOf(reader.next()), password);
}

/** A copy of the certificate; null for another kind than X.509. */
function certificateOf(value: Element): Buffer | null {
  const reader = readerOf(value, tags.sequence, 'a certificate bag');
  const type = dottedIdentifier(reader.take(tags.objectIdentifier, 'its type').contents);
  const octets = octetsOf(reader.enter(contextConstructed(0), 'a certificate').next());
  return type === x509Certificate ? Buffer.from(octets) : null;
}

function hasLocalKeyId(bag: DerReader): boolean {
  const attributes = bag.nextTag === tags.set ? bag.enter(tags.set, 'the attributes').rest() : [];
  return attributes.some((attribute) => {
    const reader = readerOf(attribute, tags.sequence, 'an attribute');
    return dottedIdentifier(reader.take(tags.objectIdentifier, 'its type').contents) === localKeyId;
  });
}
