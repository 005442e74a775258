import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, uint, vector } from './bytes.ts';
import { alerts } from './failure.ts';

const widths = fc.constantFrom(1 as const, 2 as const, 3 as const);

describe('a byte reader', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(
        widths,
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(255),
        (width, bytes, number) => {
          const written = Buffer.concat([vector(width, bytes), uint(width, number)]);
          const reader = new ByteReader(written, 'test');
          expect(Buffer.compare(reader.vector(width), bytes)).toBe(0);
          expect(reader.uint(width)).toBe(number);
          reader.end();
        },
      ),
    );
  });

  it('refuses whatever is cut short or too long, and with nothing but decode_error', () => {
    fc.assert(
      fc.property(widths, fc.uint8Array({ minLength: 1, maxLength: 50 }), (width, bytes) => {
        const whole = vector(width, bytes);
        for (const spoilt of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.of(0)])]) {
          const attempt = () => {
            const reader = new ByteReader(spoilt, 'test');
            reader.vector(width);
            reader.end();
          };
          expect(attempt).toThrow(expect.objectContaining({ alert: alerts.decodeError }));
        }
      }),
    );
  });

  it.each([
    ['fewer octets than demanded', '0001ff'],
    ['half a number', '000301020a'],
    ['no number', '0000'],
  ])('refuses a list of numbers with %s', (_what, hex) => {
    const reader = new ByteReader(Buffer.from(hex, 'hex'), 'list');
    expect(() => reader.numbers(2)).toThrow('malformed list');
  });
});
