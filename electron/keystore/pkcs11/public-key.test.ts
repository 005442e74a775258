import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetString } from '../../pki/der-writer.ts';
import { ecPoint } from './public-key.ts';

const sizes = [
  [256, 65],
  [384, 97],
  [521, 133],
] as const;

describe('the EC point of a token', () => {
  test.each(sizes)(
    'on a curve of %i bits is found inside an OCTET STRING and without one',
    (bits, size) => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: size - 1, maxLength: size - 1 }), (coordinates) => {
          const point = Buffer.concat([Buffer.of(0x04), coordinates]);
          const wrapped = octetString(point);
          expect(ecPoint(point, bits)).toEqual(point);
          expect(ecPoint(wrapped, bits)).toEqual(point);
        }),
      );
    },
  );

  test('is never made of anything else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 140 }),
        fc.constantFrom(...sizes),
        (bytes, [bits, size]) => {
          const point = ecPoint(Buffer.from(bytes), bits);
          expect(point === null || (point.length === size && point[0] === 0x04)).toBe(true);
        },
      ),
    );
  });
});
