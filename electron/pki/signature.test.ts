import { sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecKeys, rsaKeys } from '../../test/certificate-draft.ts';
import {
  ecdsaDerToRaw,
  ecdsaRawToDer,
  signatureAlgorithmOid,
  verifySignature,
} from './signature.ts';

const data = Buffer.from('to be signed');
const ec = ecKeys();
const rsa = rsaKeys();

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
  ['SHA256WITHECDSA', ec, 'sha256', '1.2.840.10045.4.3.2'],
  ['SHA384WITHECDSA', ec, 'sha384', '1.2.840.10045.4.3.3'],
  ['SHA512WITHECDSA', ec, 'sha512', '1.2.840.10045.4.3.4'],
  ['SHA256WITHRSA', rsa, 'sha256', '1.2.840.113549.1.1.11'],
  ['SHA384WITHRSA', rsa, 'sha384', '1.2.840.113549.1.1.12'],
  ['SHA512WITHRSA', rsa, 'sha512', '1.2.840.113549.1.1.13'],
] as const)(
  '%s is verified with the right key over the right data only',
  (algorithm, keys, hash, oid) => {
    const signature = sign(hash, data, keys.privateKey);
    const other = keys === ec ? rsa : ec;
    expect(signatureAlgorithmOid(algorithm)).toBe(oid);
    expect(verifySignature(keys.spki, algorithm, data, signature)).toBe(true);
    expect(verifySignature(keys.spki, algorithm, Buffer.from('else'), signature)).toBe(false);
    expect(verifySignature(other.spki, algorithm, data, signature)).toBe(false);
    expect(verifySignature(Buffer.from('no key'), algorithm, data, signature)).toBe(false);
    expect(verifySignature(keys.spki, algorithm, data, Buffer.alloc(0))).toBe(false);
  },
);
