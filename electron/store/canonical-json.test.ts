import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>;

function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('canonicalJson', () => {
  it.each<[JsonValue, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ '\r': 1, '1': 2, é: 3, a: 4 }, '{"\\r":1,"1":2,"a":4,"é":3}'],
    // RFC 8785 §3.2.3: by UTF-16 code units, so U+1F600 (D83D…) sorts before U+FB33.
    [{ '\u{fb33}': 1, '\u{1f600}': 2, ö: 3 }, '{"ö":3,"\u{1f600}":2,"\u{fb33}":1}'],
    [[1e21, 0.000001, 1e-7, -0, 4.5], '[1e+21,0.000001,1e-7,0,4.5]'],
    ['\u0000\n"\\/é', '"\\u0000\\n\\"\\\\/é"'],
    [
      { nested: { z: [], y: {} }, list: [true, null, false] },
      '{"list":[true,null,false],"nested":{"y":{},"z":[]}}',
    ],
    ['lone \ud800 surrogate', '"lone \ufffd surrogate"'],
  ])('writes %o as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    },
  );

  it('keeps every value, and writes what it reads back the same way', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('does not depend on the order of names', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });
});
