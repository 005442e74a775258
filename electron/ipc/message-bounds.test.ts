import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsProblem, messageBounds } from './message-bounds.ts';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const cyclic: unknown[] = [];
cyclic.push(cyclic);

describe('the bounds of a message', () => {
  it.each<[string, unknown]>([
    ['deep nesting', nested(messageBounds.depth + 1)],
    ['a cycle', cyclic],
    ['too many parts', Array.from({ length: messageBounds.parts + 1 }, () => 0)],
    ['too long a text', 'x'.repeat(messageBounds.characters + 1)],
    ['too long a key', { ['x'.repeat(messageBounds.characters + 1)]: 0 }],
    ['too many bytes', new Uint8Array(messageBounds.bytes + 1)],
    ['a function', { run: () => 0 }],
    ['a symbol', Symbol('x')],
    ['a big integer', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['another kind of byte array', new Uint16Array(1)],
  ])('refuse %s', (_name, message) => {
    expect(boundsProblem(message)).not.toBeNull();
  });

  it('let plain data through, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.uint8Array({ maxLength: 64 }),
        (value, bytes) => {
          expect(boundsProblem({ value, bytes, nothing: undefined })).toBeNull();
        },
      ),
    );
  });

  it('always come to an answer', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const answer = boundsProblem(value);
        expect(answer === null || answer.startsWith('it ')).toBe(true);
      }),
    );
  });
});
