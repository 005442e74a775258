import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';

const message = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$bytes', '$', '$$bytes', '__proto__')),
      tie('value'),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
})).value;

describe('the codec of the Chromium window', () => {
  it('brings every message back as it was, bytes included', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeMessage(encodeMessage(value))).toEqual(value);
      }),
    );
  });

  it('makes byte arrays of its own kind', () => {
    const decoded = decodeMessage(encodeMessage({ pin: new Uint8Array([0, 127, 255]) }));
    expect(decoded).toEqual({ pin: new Uint8Array([0, 127, 255]) });
  });

  it('carries nothing as null', () => {
    expect(decodeMessage(encodeMessage(undefined))).toBeNull();
  });

  it.each([
    '',
    '{',
    '{"$bytes":1}',
    '{"$bytes":"?"}',
    '{"$bytes":"QQ"}',
    '{"$other":1}',
    '{"$bytes":"","x":1}',
  ])('refuses %j', (text) => {
    expect(() => decodeMessage(text)).toThrow(SyntaxError);
  });

  it('either reads a text or refuses it with a SyntaxError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          decodeMessage(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});
