import { describe, expect, test } from 'vitest';
import { makeSoftHsm } from '../../../test/softhsm.ts';
import { findModules } from './module-paths.ts';

describe('well-known modules', () => {
  test.each(['linux', 'darwin', 'win32'] as const)(
    'are absolute paths on %s, one a product',
    (platform) => {
      const absolute = platform === 'win32' ? /^[A-Z]:\\/ : /^\//;
      const found = findModules(platform, () => true);
      expect(found.length).toBeGreaterThan(4);
      expect(found.every(({ path }) => absolute.test(path))).toBe(true);
      expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
    },
  );

  test('are shown only where they are', async () => {
    expect(findModules('linux', () => false)).toEqual([]);
    expect(findModules('aix', () => true)).toEqual([]);
    const softhsm = await makeSoftHsm();
    await softhsm.cleanup();
    expect(findModules().map(({ name }) => name)).toContain('SoftHSM 2');
  });
});
