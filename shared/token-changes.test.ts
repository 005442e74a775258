import { expect, test } from 'vitest';
import type { TokenInfo } from './token.ts';
import { tokenChanges } from './token-changes.ts';

const token = (facts: Partial<TokenInfo>): TokenInfo => ({
  module: '/lib/p11.so',
  slot: 1,
  slotDescription: 'reader',
  initialised: true,
  label: 'gateway',
  serial: '01',
  serialUnique: true,
  manufacturer: 'maker',
  model: 'model',
  pinState: 'ok',
  soPinState: 'ok',
  pinPad: false,
  writeProtected: false,
  minPinLength: 4,
  maxPinLength: 8,
  canGenerate: [],
  canSign: [],
  ...facts,
});

const one = token({});
const zeros = token({ serial: '0000', serialUnique: false });

test.each<[what: string, before: TokenInfo[], after: TokenInfo[], kinds: string[]]>([
  ['nothing', [one], [one], []],
  ['another slot number', [one], [token({ slot: 7 })], []],
  ['an arrival', [], [one], ['arrived']],
  ['a removal', [one], [], ['removed']],
  ['a PIN try', [one], [token({ pinState: 'low' })], ['changed']],
  ['another label', [one], [token({ label: 'other' })], ['removed', 'arrived']],
  ['the second of two with the same serial', [zeros], [zeros, { ...zeros, slot: 2 }], ['arrived']],
  ['one of two with the same serial gone', [zeros, { ...zeros, slot: 2 }], [zeros], ['removed']],
])('%s is told as it is', (_, before, after, kinds) => {
  expect(tokenChanges(before, after).map(({ kind }) => kind)).toEqual(kinds);
});
