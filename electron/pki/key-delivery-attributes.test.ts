import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import {
  askedDecryption,
  type DecryptionWish,
  decryptionAttributes,
} from './key-delivery-attributes.ts';

const read = (wish: DecryptionWish) =>
  askedDecryption(
    new Map(decryptionAttributes(wish).map(({ oid, value }) => [oid, Buffer.from(value)])),
  );
const identifier = Buffer.from('0a0b0c', 'hex');

describe('the wish for an encrypted key', () => {
  test.each<[DecryptionWish, string]>([
    [{ kind: 'symmetric', identifier, keyLength: 16 }, '2.16.840.1.101.3.4.1.5'],
    [{ kind: 'symmetric', identifier, keyLength: 32 }, '2.16.840.1.101.3.4.1.45'],
    [{ kind: 'asymmetric', identifier, family: 'RSA' }, '1.2.840.113549.1.1.7'],
    [{ kind: 'asymmetric', identifier, family: 'EC' }, '1.3.132.1.11.1'],
  ])('names the key and what the station can undo: $0.kind', (wish, algorithm) => {
    const asked = read(wish);
    expect(asked).toMatchObject({ kind: wish.kind, identifier });
    expect(asked?.algorithms[0]).toBe(algorithm);
    expect(asked?.algorithms).toContain('2.16.840.1.101.3.4.1.42');
  });

  test('is none without an identifier', () => {
    expect(askedDecryption(new Map())).toBeNull();
  });

  test('is read or refused, whatever stands in its attributes', () => {
    const oid = fc.constantFrom('1.2.840.113549.1.9.15', '1.2.840.113549.1.9.16.2.37');
    const value = fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets));
    fc.assert(
      fc.property(fc.array(fc.tuple(oid, value)), (attributes) => {
        try {
          const asked = askedDecryption(new Map(attributes));
          expect(asked === null || asked.kind === 'symmetric').toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
        }
      }),
    );
  });
});
