import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { alerts, TlsFailure } from './failure.ts';

/** Groups of the (EC)DHE exchange and their numbers (RFC 8446 §4.2.7). */
export const groupCodes = {
  x25519: 29,
  secp256r1: 23,
  secp384r1: 24,
  secp521r1: 25,
} as const;
export type GroupName = keyof typeof groupCodes;

/** One half of a key exchange. */
export interface KeyShare {
  readonly group: GroupName;
  /** As it travels: 32 octets of X25519, or the uncompressed point. */
  readonly publicKey: Buffer;
  /**
   * The shared secret; its owner zeroes it.
   * @throws TlsFailure illegal_parameter when `peer` is no key of the group (RFC 8446 §4.2.8.2, §7.4.2).
   */
  agree(peer: Buffer): Buffer;
}

/** A new key pair of a group. */
export function newKeyShare(group: GroupName): KeyShare {
  return group === 'x25519' ? newX25519Share() : newCurveShare(group);
}

/** DER of a SubjectPublicKeyInfo of X25519 up to the key's 32 octets (RFC 8410 §4). */
const x25519Opening = Buffer.from('302a300506032b656e032100', 'hex');
const x25519Bytes = 32;

function newX25519Share(): KeyShare {
  const pair = generateKeyPairSync('x25519');
  const { x = '' } = pair.publicKey.export({ format: 'jwk' });
  const publicKey = Buffer.from(x, 'base64url');
  return { group: 'x25519', publicKey, agree: (peer) => agreeX25519(pair.privateKey, peer) };
}

function agreeX25519(privateKey: KeyObject, peer: Buffer): Buffer {
  if (peer.length !== x25519Bytes) throw unusable();
  const publicKey = createPublicKey({
    key: Buffer.concat([x25519Opening, peer]),
    type: 'spki',
    format: 'der',
  });
  return agreement(() => {
    const secret = diffieHellman({ privateKey, publicKey });
    // RFC 7748 §6.1: a point of small order gives nothing but zeros.
    if (secret.every((octet) => octet === 0)) throw unusable();
    return secret;
  });
}

const curves = {
  secp256r1: { name: 'prime256v1', coordinateBytes: 32 },
  secp384r1: { name: 'secp384r1', coordinateBytes: 48 },
  secp521r1: { name: 'secp521r1', coordinateBytes: 66 },
} as const;
const uncompressed = 4;

function newCurveShare(group: keyof typeof curves): KeyShare {
  const { name, coordinateBytes } = curves[group];
  const pair = createECDH(name);
  const publicKey = pair.generateKeys();
  return {
    group,
    publicKey,
    agree(peer) {
      if (peer.length !== 1 + 2 * coordinateBytes || peer[0] !== uncompressed) throw unusable();
      return agreement(() => pair.computeSecret(peer));
    },
  };
}

function agreement(compute: () => Buffer): Buffer {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TlsFailure) throw error;
    throw unusable(error);
  }
}

function unusable(cause?: unknown): TlsFailure {
  const message = 'the server sent an unusable key for the key exchange';
  return new TlsFailure(alerts.illegalParameter, message, { cause });
}
