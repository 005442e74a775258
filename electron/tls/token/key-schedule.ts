import { createHash } from 'node:crypto';
import { uint, vector } from './bytes.ts';
import type { CipherSuite } from './cipher-suites.ts';
import { hmac } from './hmac.ts';

type Hash = CipherSuite['hash'];

const hashBytes: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48 };
const ivBytes = 12;

/** HKDF-Extract (RFC 5869 §2.2). */
const extract = (hash: Hash, salt: Uint8Array, secret: Uint8Array): Buffer =>
  hmac(hash, salt, secret);

const digestOf = (hash: Hash, bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest();

/** HKDF-Expand (RFC 5869 §2.3). */
function expand(hash: Hash, key: Uint8Array, info: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  let last: Buffer = Buffer.alloc(0);
  for (let counter = 1; blocks.length * hashBytes[hash] < length; counter++) {
    last = hmac(hash, key, last, info, uint(1, counter));
    blocks.push(last);
  }
  const output = Buffer.concat(blocks, length);
  for (const block of blocks) block.fill(0);
  return output;
}

/** HKDF-Expand-Label (RFC 8446 §7.1). */
export function expandLabel(
  hash: Hash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const name = vector(1, Buffer.from(`tls13 ${label}`, 'ascii'));
  return expand(hash, secret, Buffer.concat([uint(2, length), name, vector(1, context)]), length);
}

/** Derive-Secret (RFC 8446 §7.1), the messages given by their hash. */
const deriveSecret = (hash: Hash, secret: Uint8Array, label: string, digest: Uint8Array): Buffer =>
  expandLabel(hash, secret, label, digest, hashBytes[hash]);

/** What every key schedule without a pre-shared key begins with; none of it is secret. */
const beginnings = { sha256: beginningOf('sha256'), sha384: beginningOf('sha384') };

function beginningOf(hash: Hash) {
  const zeros = Buffer.alloc(hashBytes[hash]);
  const nothing = digestOf(hash, Buffer.alloc(0));
  const early = extract(hash, zeros, zeros);
  return { zeros, nothing, salt: deriveSecret(hash, early, 'derived', nothing) };
}

/** Traffic secrets of both directions. */
export interface TrafficSecrets {
  readonly client: Buffer;
  readonly server: Buffer;
}

/**
 * Secrets of the handshake, without pre-shared key (RFC 8446 §7.1).
 * @param shared of the key exchange; its owner zeroes it.
 * @param digest of the messages up to ServerHello.
 */
export function handshakeSecrets(
  hash: Hash,
  shared: Uint8Array,
  digest: Uint8Array,
): TrafficSecrets & { readonly master: Buffer } {
  const { zeros, nothing, salt: earlySalt } = beginnings[hash];
  const handshake = extract(hash, earlySalt, shared);
  const salt = deriveSecret(hash, handshake, 'derived', nothing);
  const secrets = {
    client: deriveSecret(hash, handshake, 'c hs traffic', digest),
    server: deriveSecret(hash, handshake, 's hs traffic', digest),
    master: extract(hash, salt, zeros),
  };
  handshake.fill(0);
  salt.fill(0);
  return secrets;
}

/**
 * Secrets of application data and of the exporter (RFC 8446 §7.1).
 * @param digest of the messages up to the server's Finished.
 */
export function applicationSecrets(
  hash: Hash,
  master: Uint8Array,
  digest: Uint8Array,
): TrafficSecrets & { readonly exporter: Buffer } {
  return {
    client: deriveSecret(hash, master, 'c ap traffic', digest),
    server: deriveSecret(hash, master, 's ap traffic', digest),
    exporter: deriveSecret(hash, master, 'exp master', digest),
  };
}

/** Key and IV of a traffic secret (RFC 8446 §7.3). */
export function trafficKeys(
  { hash, keyBytes }: CipherSuite,
  secret: Uint8Array,
): { readonly key: Buffer; readonly iv: Buffer } {
  const none = Buffer.alloc(0);
  return {
    key: expandLabel(hash, secret, 'key', none, keyBytes),
    iv: expandLabel(hash, secret, 'iv', none, ivBytes),
  };
}

/** The secret after a KeyUpdate (RFC 8446 §7.2). */
export function nextTrafficSecret(hash: Hash, secret: Uint8Array): Buffer {
  return expandLabel(hash, secret, 'traffic upd', Buffer.alloc(0), hashBytes[hash]);
}

/** verify_data of a Finished (RFC 8446 §4.4.4). */
export function finishedValue(hash: Hash, secret: Uint8Array, digest: Uint8Array): Buffer {
  const key = expandLabel(hash, secret, 'finished', Buffer.alloc(0), hashBytes[hash]);
  const value = hmac(hash, key, digest);
  key.fill(0);
  return value;
}

/** TLS-Exporter (RFC 8446 §7.5); there, no context and one of zero length are the same. */
export function exportFromSecret(
  hash: Hash,
  exporter: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const secret = deriveSecret(hash, exporter, label, digestOf(hash, Buffer.alloc(0)));
  const value = expandLabel(hash, secret, 'exporter', digestOf(hash, context), length);
  secret.fill(0);
  return value;
}
