import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearGroup, compare, nothingTold, tell, toldText, untell } from './told-fingerprint.ts';

const hex = 'B6C060D694F3295A0911A0D76CC7AA068B98466173F12BA34CEBCCD14C210EDF';
const sent = hex.match(/.{4}/g) ?? [];

describe('what a person was told', () => {
  it.each([
    ['groups with spaces', 'b6c0 60d6'],
    ['pairs with colons', 'B6:C0:60:D6'],
    ['with a dash and a line break', 'B6C0-60\nD6'],
  ])('reads %s', (_name, text) => {
    expect(tell(nothingTold, text).slice(0, 3)).toEqual(['B6C0', '60D6', '']);
  });

  it('never holds more than sixteen groups of four, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const told = tell(nothingTold, text);
        expect(told).toHaveLength(16);
        expect(told.every((group) => /^[0-9A-F]{0,4}$/.test(group))).toBe(true);
      }),
    );
  });

  it('takes back one digit at a time until nothing is left', () => {
    let told = tell(nothingTold, hex);
    for (let digit = 0; digit < 64; digit += 1) told = untell(told);
    expect(told).toEqual(nothingTold);
    expect(untell(told)).toEqual(nothingTold);
  });

  it('fills a cleared group first', () => {
    const told = clearGroup(tell(nothingTold, hex), 6);
    expect(toldText(told).split(' ')).toHaveLength(15);
    expect(tell(told, '6CC7')).toEqual(sent);
  });
});

describe('the comparison', () => {
  it('is complete only when all sixteen groups are the same', () => {
    expect(compare(sent, tell(nothingTold, hex)).complete).toBe(true);
    expect(compare(sent, tell(nothingTold, hex.slice(0, 63))).complete).toBe(false);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 63 }),
        fc.constantFrom(...'0123456789ABCDEF'),
        (at, digit) => {
          const changed = hex.slice(0, at) + digit + hex.slice(at + 1);
          expect(compare(sent, tell(nothingTold, changed)).complete).toBe(changed === hex);
        },
      ),
    );
  });

  it('names the group that differs and the one the person is at', () => {
    const told = tell(nothingTold, `${hex.slice(0, 24)}6CC1`);
    expect(compare(sent, told)).toEqual({ same: 6, differing: [6], here: 7, complete: false });
  });
});
