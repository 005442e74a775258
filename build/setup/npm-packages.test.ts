import { describe, expect, it } from 'vitest';
import { lockSatisfied } from './npm-packages.mjs';

const wanted = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' },
  'node_modules/b-darwin': { version: '2.0.0', optional: true },
};

describe('installed npm packages', () => {
  it.each([
    ['exactly what is wanted', { 'node_modules/a': wanted['node_modules/a'] }, true],
    [
      'an optional package as well',
      {
        'node_modules/a': wanted['node_modules/a'],
        'node_modules/b-darwin': { version: '2.0.0' },
      },
      true,
    ],
    ['nothing', {}, false],
    ['another version', { 'node_modules/a': { version: '1.2.4', integrity: 'sha512-a' } }, false],
    ['other contents', { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-b' } }, false],
    [
      'another version of an optional package',
      {
        'node_modules/a': wanted['node_modules/a'],
        'node_modules/b-darwin': { version: '1.9.0' },
      },
      false,
    ],
  ])('with %s', (_, unpacked, satisfied) => {
    expect(lockSatisfied(wanted, unpacked)).toBe(satisfied);
  });
});
