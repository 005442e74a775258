import { describe, expect, test } from 'vitest';
import { corpusOf, fuzz } from './fuzzing.ts';
import { type FuzzTarget, targets } from './targets.ts';

describe('a short run of the fuzzer', () => {
  test.each(targets)('finds no defect in $name', async (target) => {
    expect(await corpusOf(target)).not.toHaveLength(0);
    const { defect } = await fuzz(target, 200, 1);
    expect(defect).toBeNull();
  });

  test('would find one', async () => {
    const fragile: FuzzTarget = {
      name: 'certificate',
      read: (input) => {
        if (input[0] === 0x31) throw new RangeError('a defect');
      },
    };
    const { defect } = await fuzz(fragile, 5000, 1);
    expect(defect?.reason).toBe('it throws RangeError: a defect');
    expect(defect?.input[0]).toBe(0x31);
  });
});
