import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { endOf, observe } from '../../test/conformance/observe.ts';
import { sequence } from './der-writer.ts';
import { onlyKeyOfPackage, readPrivateKey } from './private-key-info.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('a delivered private key', () => {
  test.each([
    ['PKCS#8', 'EC', ec, 'pkcs8'],
    ['SEC1', 'EC', ec, 'sec1'],
    ['PKCS#8', 'RSA', rsa, 'pkcs8'],
    ['PKCS#1', 'RSA', rsa, 'pkcs1'],
  ] as const)('is read as %s %s', (form, family, key, type) => {
    const read = readPrivateKey(key.export({ format: 'der', type }));
    expect(read.form).toBe(form);
    observe('delivered-key', `${form}, ${family}`, 'accept');
    expect(read.key.equals(key)).toBe(true);
    expect(read.spki).toEqual(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  });

  const pkcs8 = ec.export({ format: 'der', type: 'pkcs8' });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const odd = generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey;
  const sealed = rsa.export({
    format: 'der',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['something behind it', Buffer.concat([pkcs8, Buffer.of(0)])],
    ['its end missing', pkcs8.subarray(0, -1)],
    ['1024 bits', weak.export({ format: 'der', type: 'pkcs8' })],
    ['P-521', odd.export({ format: 'der', type: 'pkcs8' })],
    ['Ed25519', edwards.export({ format: 'der', type: 'pkcs8' })],
    ['encryption by a passphrase', sealed],
  ])('is refused with %s', async (what, der) => {
    const ended = await endOf((async () => readPrivateKey(der))());
    observe('delivered-key', what, ended);
  });

  test('is read or refused, whatever is damaged', () => {
    fc.assert(
      fc.property(fc.nat(pkcs8.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = Buffer.from(pkcs8);
        damaged.writeUInt8(damaged.readUInt8(at) ^ bits, at);
        try {
          expect(readPrivateKey(damaged).form).toBe('PKCS#8');
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('comes alone in its package', () => {
    expect(onlyKeyOfPackage(sequence(pkcs8))).toEqual(pkcs8);
    for (const der of [sequence(), sequence(pkcs8, pkcs8), pkcs8, Buffer.from('no')]) {
      expect(() => onlyKeyOfPackage(der)).toThrow(expect.objectContaining({ code: 'KEY-01' }));
    }
  });
});
