import { createCipheriv, createDecipheriv } from 'node:crypto';
import { uint8, uint16 } from './bytes.ts';
import { expandLabel, type Hash } from './secrets.ts';

/** Content types of records. */
export const contentTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

/** What a record says inside. */
export interface Content {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Protects the records of one direction; each record takes the next sequence number. */
export interface Protection {
  seal(content: Content): Buffer;
  /** @throws when the record does not check. */
  open(record: Buffer): Content;
}

const headerOctets = 5;
const tagOctets = 16;

export const record = (type: number, bytes: Buffer, version = 0x0303): Buffer =>
  Buffer.concat([uint8(type), uint16(version), uint16(bytes.length), bytes]);

/** Before keys are in force. */
export const noProtection: Protection = {
  seal: ({ type, bytes }) => record(type, bytes),
  open: (bytes) => ({ type: bytes[0] ?? 0, bytes: bytes.subarray(headerOctets) }),
};

function encrypt(key: Buffer, nonce: Buffer, aad: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const name = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  const cipher = createDecipheriv(name, key, nonce, { authTagLength: tagOctets });
  cipher.setAAD(aad);
  cipher.setAuthTag(sealed.subarray(-tagOctets));
  return Buffer.concat([cipher.update(sealed.subarray(0, -tagOctets)), cipher.final()]);
}

function counter(sequence: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(sequence));
  return bytes;
}

/** AES-GCM of TLS 1.2: four octets of the nonce are secret, eight travel (RFC 5288 §3). */
export function protection12(key: Buffer, salt: Buffer): Protection {
  let sequence = 0;
  const explicitOctets = 8;
  const aad = (number: Buffer, type: number, size: number): Buffer =>
    Buffer.concat([number, uint8(type), uint16(0x0303), uint16(size)]);
  return {
    seal({ type, bytes }) {
      const number = counter(sequence++);
      const nonce = Buffer.concat([salt, number]);
      const sealed = encrypt(key, nonce, aad(number, type, bytes.length), bytes);
      return record(type, Buffer.concat([number, sealed]));
    },
    open(bytes) {
      const type = bytes[0] ?? 0;
      const start = headerOctets + explicitOctets;
      const nonce = Buffer.concat([salt, bytes.subarray(headerOctets, start)]);
      const sealed = bytes.subarray(start);
      const data = aad(counter(sequence++), type, sealed.length - tagOctets);
      return { type, bytes: decrypt(key, nonce, data, sealed) };
    },
  };
}

/** AES-GCM of TLS 1.3: the content type travels inside (RFC 8446 §5.2). */
export function protection13(hash: Hash, keyOctets: number, traffic: Buffer): Protection {
  const key = expandLabel(hash, traffic, 'key', Buffer.alloc(0), keyOctets);
  const iv = expandLabel(hash, traffic, 'iv', Buffer.alloc(0), 12);
  let sequence = 0;
  const nextNonce = (): Buffer => {
    const nonce = Buffer.from(iv);
    counter(sequence++).forEach((byte, index) => {
      nonce[index + 4] = (nonce[index + 4] ?? 0) ^ byte;
    });
    return nonce;
  };
  return {
    seal({ type, bytes }) {
      const plain = Buffer.concat([bytes, uint8(type)]);
      const header = record(contentTypes.data, Buffer.alloc(plain.length + tagOctets));
      const aad = header.subarray(0, headerOctets);
      return Buffer.concat([aad, encrypt(key, nextNonce(), aad, plain)]);
    },
    open(bytes) {
      const aad = bytes.subarray(0, headerOctets);
      const plain = decrypt(key, nextNonce(), aad, bytes.subarray(headerOctets));
      const end = plain.findLastIndex((byte) => byte !== 0);
      return { type: plain[end] ?? 0, bytes: plain.subarray(0, Math.max(end, 0)) };
    },
  };
}
