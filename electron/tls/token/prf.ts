import { vector } from './bytes.ts';
import type { CipherSuite } from './cipher-suites.ts';
import { hmac } from './hmac.ts';

type Hash = CipherSuite['hash'];

const masterSecretBytes = 48;
const verifyDataBytes = 12;
/** The implicit part of the GCM nonce (RFC 5288 §3). */
const saltBytes = 4;

/** The random values of both hellos. */
export interface Randoms {
  readonly client: Buffer;
  readonly server: Buffer;
}

/** PRF of TLS 1.2: P_hash (RFC 5246 §5). */
export function prf(
  hash: Hash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Buffer {
  const labelled = Buffer.concat([Buffer.from(label, 'ascii'), seed]);
  const blocks: Buffer[] = [];
  let chain: Buffer = labelled;
  let made = 0;
  while (made < length) {
    chain = hmac(hash, secret, chain);
    const block = hmac(hash, secret, chain, labelled);
    blocks.push(block);
    made += block.length;
  }
  const output = Buffer.concat(blocks, length);
  for (const block of blocks) block.fill(0);
  return output;
}

/** RFC 5246 §8.1. */
export function masterSecret(hash: Hash, premaster: Uint8Array, randoms: Randoms): Buffer {
  const seed = Buffer.concat([randoms.client, randoms.server]);
  return prf(hash, premaster, 'master secret', seed, masterSecretBytes);
}

/**
 * RFC 7627 §4.
 * @param digest of the messages up to ClientKeyExchange.
 */
export function extendedMasterSecret(
  hash: Hash,
  premaster: Uint8Array,
  digest: Uint8Array,
): Buffer {
  return prf(hash, premaster, 'extended master secret', digest, masterSecretBytes);
}

/** Key and implicit nonce of one direction. */
export interface DirectionKeys {
  readonly key: Buffer;
  readonly salt: Buffer;
}

/** The key block cut into keys (RFC 5246 §6.3); AEAD suites have no MAC keys. */
export function directionKeys(
  { hash, keyBytes }: CipherSuite,
  master: Uint8Array,
  randoms: Randoms,
): { readonly client: DirectionKeys; readonly server: DirectionKeys } {
  const seed = Buffer.concat([randoms.server, randoms.client]);
  const block = prf(hash, master, 'key expansion', seed, 2 * (keyBytes + saltBytes));
  const salts = block.subarray(2 * keyBytes);
  return {
    client: { key: block.subarray(0, keyBytes), salt: salts.subarray(0, saltBytes) },
    server: { key: block.subarray(keyBytes, 2 * keyBytes), salt: salts.subarray(saltBytes) },
  };
}

/** verify_data of a Finished (RFC 5246 §7.4.9). */
export function verifyData(
  hash: Hash,
  master: Uint8Array,
  side: 'client' | 'server',
  digest: Uint8Array,
): Buffer {
  return prf(hash, master, `${side} finished`, digest, verifyDataBytes);
}

/** RFC 5705 §4 with a context; one of zero length is not the same as none. */
export function exportFromMaster(
  hash: Hash,
  master: Uint8Array,
  randoms: Randoms,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const seed = Buffer.concat([randoms.client, randoms.server, vector(2, context)]);
  return prf(hash, master, label, seed, length);
}
