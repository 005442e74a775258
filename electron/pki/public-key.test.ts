import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ecKeys, rsaKeys } from '../../test/certificate-draft.ts';
import { bitString, nullValue, objectIdentifier, sequence, unsignedInteger } from './der-writer.ts';
import {
  describeKey,
  keyAlgorithmOids,
  keyIdentifier,
  keyObject,
  keyStrength,
  sameKey,
  spkiFromEcPoint,
  spkiFromRsa,
} from './public-key.ts';

const rsa = rsaKeys();

function numbersOf(spki: Buffer): { modulus: Buffer; exponent: Buffer } {
  const { n = '', e = '' } = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  return { modulus: Buffer.from(n, 'base64url'), exponent: Buffer.from(e, 'base64url') };
}

/** As `spkiFromRsa`, of any numbers. */
const spkiOfRsa = (modulus: Buffer, exponent: Buffer): Buffer =>
  sequence(
    sequence(objectIdentifier(keyAlgorithmOids.rsa), nullValue()),
    bitString(sequence(unsignedInteger(modulus), unsignedInteger(exponent))),
  );

describe('a public key from its parts', () => {
  test.each(['prime256v1', 'secp384r1'] as const)('EC on %s', (set) => {
    const { spki } = ecKeys(set);
    const point = spki.subarray(set === 'prime256v1' ? -65 : -97);
    expect(spkiFromEcPoint(set, point)).toEqual(spki);
  });

  test('RSA, with or without leading zeros', () => {
    const { modulus, exponent } = numbersOf(rsa.spki);
    expect(spkiFromRsa(modulus, exponent)).toEqual(rsa.spki);
    expect(spkiFromRsa(Buffer.concat([Buffer.of(0), modulus]), exponent)).toEqual(rsa.spki);
  });

  test('a point beside the curve is refused', () => {
    const point = Buffer.alloc(65, 1);
    point.writeUInt8(4, 0);
    expect(() => spkiFromEcPoint('prime256v1', point)).toThrow(
      expect.objectContaining({ code: 'CERT-06' }),
    );
  });
});

test('the identifier is the SHA-1 of the point alone', () => {
  const { spki } = ecKeys();
  const point = spki.subarray(-65);
  expect(keyIdentifier(spki)).toBe(createHash('sha1').update(point).digest('hex'));
});

describe('sameKey', () => {
  test('ignores whether the parameters of RSA are NULL or absent', () => {
    const bits = rsa.spki.subarray(rsa.spki.indexOf(Buffer.of(3, 0x82)) + 5);
    const without = sequence(sequence(objectIdentifier(keyAlgorithmOids.rsa)), bitString(bits));
    expect(sameKey(rsa.spki, without)).toBe(true);
    expect(sameKey(rsa.spki, rsaKeys(1024).spki)).toBe(false);
  });

  test('tells keys, curves and kinds apart', () => {
    const { spki } = ecKeys();
    expect(sameKey(spki, Buffer.from(spki))).toBe(true);
    expect(sameKey(spki, ecKeys().spki)).toBe(false);
    expect(sameKey(spki, rsa.spki)).toBe(false);
  });

  test('throws for what is no key', () => {
    expect(() => sameKey(rsa.spki, Buffer.from('key'))).toThrow(
      expect.objectContaining({ code: 'CERT-06' }),
    );
  });
});

test.each([
  ['EC P-256', 'EC', 256, () => ecKeys().spki],
  ['EC P-384', 'EC', 384, () => ecKeys('secp384r1').spki],
  ['EC P-521', 'EC', 521, () => ecKeys('secp521r1').spki],
  ['EC on another curve', 'EC', 0, () => ecKeys('secp256k1').spki],
  ['RSA 2048', 'RSA', 2048, () => rsa.spki],
  ['RSA 1024', 'RSA', 1024, () => rsaKeys(1024).spki],
  [
    'Ed25519',
    'EdDSA',
    256,
    () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }),
  ],
])('%s is described by kind and strength', (words, algorithm, bits, spki) => {
  expect(describeKey(spki())).toBe(words);
  expect(keyStrength(spki())).toEqual({ algorithm, bits });
});

test.each([
  ['01', 0],
  ['02', 0],
  ['03', 2048],
  ['010000', 0],
  ['010001', 2048],
])('an RSA key with the exponent %s has %i bits', (exponent, bits) => {
  const { modulus } = numbersOf(rsa.spki);
  const spki = spkiFromRsa(modulus, Buffer.from(exponent, 'hex'));
  expect(keyStrength(spki)).toEqual({ algorithm: 'RSA', bits });
});

test('an RSA key with an endless exponent is no key object', () => {
  const { modulus } = numbersOf(rsa.spki);
  const withExponent = (octets: number) =>
    spkiOfRsa(modulus, Buffer.concat([Buffer.of(0x7f), Buffer.alloc(octets - 1, 0xff)]));
  expect(keyObject(withExponent(8))).not.toBeNull();
  expect(keyObject(withExponent(10))).toBeNull();
  expect(keyObject(withExponent(200))).toBeNull();
});

test('nothing is no key object', () => {
  expect(keyObject(Buffer.alloc(0))).toBeNull();
  expect(keyObject(rsa.spki)?.asymmetricKeyType).toBe('rsa');
});
