import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { alerts, TlsFailure } from './failure.ts';

export const contentTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** A record's content, in the clear. */
export interface Plaintext {
  readonly type: number;
  readonly content: Buffer;
}

/** Protects the records of one direction under one key. */
export interface Protection {
  /** How many records went through. */
  readonly count: number;
  /** change_cipher_spec comes unprotected all the same (RFC 8446 §5). */
  readonly plainChangeCipherSpec: boolean;
  /** What may be in a record's fragment, octets. */
  readonly longestFragment: number;
  /** @returns the whole record, header included. */
  seal(plain: Plaintext): Buffer;
  /** @throws TlsFailure bad_record_mac, unexpected_message. */
  open(header: Buffer, fragment: Buffer): Plaintext;
  /** Zeroes the keys. */
  wipe(): void;
}

/** What a record may carry (RFC 8446 §5.1). */
export const longestContent = 16_384;
const tagBytes = 16;
const sequenceBytes = 8;
const explicitNonceBytes = 8;

/** The header of a record (RFC 8446 §5.1). */
export function recordHeader(type: number, version: number, length: number): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(version, 1);
  header.writeUInt16BE(length, 3);
  return header;
}

const tls12 = 0x0303;

function encrypt(key: Buffer, nonce: Buffer, aad: Buffer, plain: readonly Buffer[]): Buffer {
  const name = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  const cipher = createCipheriv(name, createSecretKey(key), nonce);
  cipher.setAAD(aad);
  const parts = plain.map((part) => cipher.update(part));
  return Buffer.concat([...parts, cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const name = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  const decipher = createDecipheriv(name, createSecretKey(key), nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
  } catch (error) {
    plain.fill(0);
    throw wrongChecksum(error);
  }
  return plain;
}

function wrongChecksum(cause?: unknown): TlsFailure {
  return new TlsFailure(alerts.badRecordMac, 'a record has a wrong checksum', { cause });
}

/** AES-GCM of TLS 1.3 (RFC 8446 §5.2, §5.3). */
export class Protection13 implements Protection {
  readonly plainChangeCipherSpec = true;
  readonly longestFragment = longestContent + 256;
  count = 0;
  readonly #key: Buffer;
  readonly #iv: Buffer;

  constructor({ key, iv }: { readonly key: Buffer; readonly iv: Buffer }) {
    this.#key = key;
    this.#iv = iv;
  }

  seal({ type, content }: Plaintext): Buffer {
    const length = content.length + 1 + tagBytes;
    const header = recordHeader(contentTypes.applicationData, tls12, length);
    const sealed = encrypt(this.#key, this.#nextNonce(), header, [content, Buffer.of(type)]);
    return Buffer.concat([header, sealed]);
  }

  open(header: Buffer, fragment: Buffer): Plaintext {
    if (header[0] !== contentTypes.applicationData) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a record is not encrypted');
    }
    if (fragment.length < tagBytes) throw wrongChecksum();
    const inner = decrypt(this.#key, this.#nextNonce(), header, fragment);
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    const type = inner[end - 1];
    if (type === undefined) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a record consists of padding only');
    }
    if (type === contentTypes.changeCipherSpec) {
      throw new TlsFailure(alerts.unexpectedMessage, 'a change_cipher_spec is encrypted');
    }
    if (inner.length > longestContent + 1) {
      throw new TlsFailure(alerts.recordOverflow, 'a record is too long');
    }
    return { type, content: inner.subarray(0, end - 1) };
  }

  wipe(): void {
    this.#key.fill(0);
    this.#iv.fill(0);
  }

  /** The record number, exclusive-or the IV (RFC 8446 §5.3). */
  #nextNonce(): Buffer {
    const nonce = Buffer.from(this.#iv);
    const low = nonce.readUIntBE(nonce.length - 6, 6);
    const number = BigInt(low) ^ BigInt(this.count);
    nonce.writeUIntBE(Number(number), nonce.length - 6, 6);
    this.count++;
    return nonce;
  }
}

/** AES-GCM of TLS 1.2 (RFC 5288 §3, RFC 5246 §6.2.3.3). */
export class Protection12 implements Protection {
  readonly plainChangeCipherSpec = false;
  readonly longestFragment = longestContent + 2048;
  count = 0;
  readonly #key: Buffer;
  readonly #salt: Buffer;

  /** Copies both: an alert about a handshake that failed still goes out under them. */
  constructor({ key, salt }: { readonly key: Buffer; readonly salt: Buffer }) {
    this.#key = Buffer.from(key);
    this.#salt = Buffer.from(salt);
  }

  seal({ type, content }: Plaintext): Buffer {
    const sequence = this.#nextSequence();
    const nonce = Buffer.concat([this.#salt, sequence]);
    const aad = Buffer.concat([sequence, recordHeader(type, tls12, content.length)]);
    const sealed = encrypt(this.#key, nonce, aad, [content]);
    const header = recordHeader(type, tls12, sequenceBytes + sealed.length);
    return Buffer.concat([header, sequence, sealed]);
  }

  open(header: Buffer, fragment: Buffer): Plaintext {
    const length = fragment.length - explicitNonceBytes - tagBytes;
    if (length < 0) throw wrongChecksum();
    const type = header.readUInt8(0);
    const aad = Buffer.concat([this.#nextSequence(), recordHeader(type, tls12, length)]);
    const nonce = Buffer.concat([this.#salt, fragment.subarray(0, explicitNonceBytes)]);
    const content = decrypt(this.#key, nonce, aad, fragment.subarray(explicitNonceBytes));
    if (content.length > longestContent) {
      throw new TlsFailure(alerts.recordOverflow, 'a record is too long');
    }
    return { type, content };
  }

  wipe(): void {
    this.#key.fill(0);
    this.#salt.fill(0);
  }

  /** As explicit nonce it is unique under the key; as AAD it keeps the order. */
  #nextSequence(): Buffer {
    const sequence = Buffer.alloc(sequenceBytes);
    sequence.writeUIntBE(this.count, 2, 6);
    this.count++;
    return sequence;
  }
}
