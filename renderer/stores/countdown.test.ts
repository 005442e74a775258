import { expect, it } from 'vitest';
import { clockOf } from './countdown.ts';

it.each([
  [0, '0:00'],
  [9, '0:09'],
  [545, '9:05'],
  [3600, '1:00:00'],
  [90_061, '25:01:01'],
])('%i seconds read %s', (seconds, text) => {
  expect(clockOf(seconds)).toBe(text);
});
