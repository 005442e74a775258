import { constants, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allSignatureAlgorithms } from '../../shared/profile.ts';
import { ecKeys, rsaKeys } from '../../test/certificate-draft.ts';
import { acceptsAlgorithm } from './certificate-signature.ts';
import {
  algorithmIdentifier,
  ecdsaDerToRaw,
  ecdsaRawToDer,
  signatureAlgorithmOid,
  signWithKey,
  verifySignature,
} from './signature.ts';

const data = Buffer.from('to be signed');
const ec = ecKeys();
const rsa = rsaKeys();
const edwards = edwardsKeys();

function edwardsKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

describe('ECDSA signatures', () => {
  test('change their form and back without loss', () => {
    const halves = fc
      .constantFrom(32, 48, 66)
      .chain((length) => fc.uint8Array({ minLength: length * 2, maxLength: length * 2 }));
    fc.assert(
      fc.property(halves, (raw) => {
        expect([...ecdsaDerToRaw(ecdsaRawToDer(raw), raw.length / 2)]).toEqual([...raw]);
      }),
    );
  });

  test('of a token verify once they are DER', () => {
    const raw = sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verifySignature(ec.spki, 'SHA256WITHECDSA', data, ecdsaRawToDer(raw))).toBe(true);
    expect(verifySignature(ec.spki, 'SHA256WITHECDSA', data, raw)).toBe(false);
  });

  test.each([[0], [63], [200]])('of %i octets are refused', (length) => {
    expect(() => ecdsaRawToDer(Buffer.alloc(length))).toThrow(
      expect.objectContaining({ code: 'CERT-06' }),
    );
  });

  test('with a half too long for the curve are refused', () => {
    const der = ecdsaRawToDer(Buffer.alloc(96, 1));
    expect(() => ecdsaDerToRaw(der, 32)).toThrow('too long');
  });
});

test.each([
  ['SHA256WITHECDSA', ec, '1.2.840.10045.4.3.2'],
  ['SHA384WITHECDSA', ec, '1.2.840.10045.4.3.3'],
  ['SHA512WITHECDSA', ec, '1.2.840.10045.4.3.4'],
  ['SHA256WITHRSA', rsa, '1.2.840.113549.1.1.11'],
  ['SHA384WITHRSA', rsa, '1.2.840.113549.1.1.12'],
  ['SHA512WITHRSA', rsa, '1.2.840.113549.1.1.13'],
  ['SHA256WITHRSAANDMGF1', rsa, '1.2.840.113549.1.1.10'],
  ['SHA384WITHRSAANDMGF1', rsa, '1.2.840.113549.1.1.10'],
  ['SHA512WITHRSAANDMGF1', rsa, '1.2.840.113549.1.1.10'],
  ['ED25519', edwards, '1.3.101.112'],
] as const)(
  '%s is verified with the right key over the right data only',
  (algorithm, keys, oid) => {
    const signature = signWithKey(keys.privateKey, algorithm, data);
    const other = keys === ec ? rsa : ec;
    expect(signatureAlgorithmOid(algorithm)).toBe(oid);
    expect(verifySignature(keys.spki, algorithm, data, signature)).toBe(true);
    expect(verifySignature(keys.spki, algorithm, Buffer.from('else'), signature)).toBe(false);
    expect(verifySignature(other.spki, algorithm, data, signature)).toBe(false);
    expect(verifySignature(Buffer.from('no key'), algorithm, data, signature)).toBe(false);
    expect(verifySignature(keys.spki, algorithm, data, Buffer.alloc(0))).toBe(false);
  },
);

test('the salt of PSS must be as long as the hash', () => {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = sign('sha256', data, { key: rsa.privateKey, padding, saltLength: 20 });
  expect(verifySignature(rsa.spki, 'SHA256WITHRSAANDMGF1', data, signature)).toBe(false);
});

test.each(allSignatureAlgorithms)('%s is an algorithm the station accepts from others', (name) => {
  expect(acceptsAlgorithm(algorithmIdentifier(name))).toBe(true);
});
