import { expect, test } from 'vitest';
import { namedBits, time } from './der.ts';

test.each([
  { bits: [0], der: '03020780' },
  { bits: [0, 2], der: '030205a0' },
  { bits: [5, 6], der: '03020106' },
  { bits: [8], der: '0303070080' },
  { bits: [], der: '030100' },
])('named bits $bits are written without trailing zeros', ({ bits, der }) => {
  expect(namedBits(bits).toString('hex')).toBe(der);
});

test.each([
  { moment: '2049-12-31T23:59:59.999Z', tag: 0x17, text: '491231235959Z' },
  { moment: '2050-01-01T00:00:00.000Z', tag: 0x18, text: '20500101000000Z' },
])('$moment is written as $text', ({ moment, tag, text }) => {
  const der = time(new Date(moment));
  expect(der[0]).toBe(tag);
  expect(der.toString('latin1', 2)).toBe(text);
});
