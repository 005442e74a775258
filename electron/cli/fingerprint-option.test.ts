import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { fingerprintOption } from './fingerprint-option.ts';

const digits = `${'E47A0C5591'.repeat(6)}A4F9`;

test.each([
  ['upper case', digits],
  ['lower case', digits.toLowerCase()],
  ['colons', (digits.match(/../g) ?? []).join(':')],
  ['groups on several lines', (digits.match(/.{4}/g) ?? []).join(' \n')],
])('a fingerprint may be written with %s', (_, text) => {
  expect(fingerprintOption(text)).toBe(digits);
});

test.each([
  ['nothing', ''],
  ['a SHA-1 fingerprint', digits.slice(0, 40)],
  ['one digit too few', digits.slice(1)],
  ['one digit too many', `${digits}0`],
  ['another letter', digits.replace('E', 'G')],
])('%s is none', (_, text) => {
  expect(() => fingerprintOption(text)).toThrow(InvalidArgumentError);
});
