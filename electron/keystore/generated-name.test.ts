import { describe, expect, test } from 'vitest';
import { generatedName, isFurther } from './generated-name.ts';

describe('the generated name of an object', () => {
  test.each([
    ['', 'aa01', 1, '(ID aa01)'],
    ['', '', 1, '(ID none)'],
    ['GW-1', 'aa01', 1, 'GW-1 (ID aa01)'],
    ['GW-1', '', 2, 'GW-1 (ID none, 2)'],
    ['', 'ff'.repeat(40), 3, `(ID ${'ff'.repeat(20)}, 3)`],
  ])('of %j with %j is %s', (label, id, count, name) => {
    expect(generatedName(label, Buffer.from(id, 'hex'), count)).toBe(name);
  });

  test('never outgrows an alias', () => {
    const longest = generatedName('x'.repeat(256), new Uint8Array(64), 1024);
    expect(longest.length).toBeLessThanOrEqual(256);
    expect(isFurther(longest, 'x'.repeat(256))).toBe(true);
  });

  test.each([
    ['GW-1 (ID aa01)', true],
    ['GW-1 (ID none, 2)', true],
    ['GW-1', false],
    ['GW-10 (ID aa01)', false],
    ['GW-1 (ID card)', false],
  ])('%j belongs to the alias GW-1: %s', (name, further) => {
    expect(isFurther(name, 'GW-1')).toBe(further);
  });
});
