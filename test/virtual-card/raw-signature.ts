import { constants, createECDH, type KeyObject, privateDecrypt } from 'node:crypto';
import { tlv } from './tlv.ts';

/** The order of P-256 (SEC 2 §2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** RSA's private operation on a block as long as the modulus; whoever asks has padded it. */
export function rsaOnBlock(key: KeyObject, block: Buffer): Buffer {
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

/**
 * ECDSA over a digest as it comes (SEC 1 §4.1.3), which node:crypto does not offer: it hashes itself.
 * @returns DER SEQUENCE { r, s }.
 */
export function ecdsaOnDigest(key: KeyObject, digest: Buffer): Buffer {
  const { d = '' } = key.export({ format: 'jwk' });
  const secret = number(Buffer.from(d, 'base64url'));
  const ephemeral = createECDH('prime256v1');
  const point = ephemeral.generateKeys();
  const k = number(ephemeral.getPrivateKey());
  const r = number(point.subarray(1, 33)) % order;
  const s = (inverse(k) * ((number(digest) + r * secret) % order)) % order;
  return tlv('30', integer(r), integer(s));
}

const number = (octets: Buffer) => BigInt(`0x${octets.toString('hex') || '0'}`);

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value % order, order - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function integer(value: bigint): Buffer {
  const digits = value.toString(16);
  const hex = digits.length % 2 === 0 ? digits : `0${digits}`;
  return tlv('02', Number.parseInt(hex.slice(0, 2), 16) > 0x7f ? `00${hex}` : hex);
}
