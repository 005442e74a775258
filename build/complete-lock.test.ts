import { describe, expect, it } from 'vitest';
import { missingOptionalPackages } from './complete-lock.ts';

const withOptional = (optionalDependencies: Record<string, string>, rest = {}) =>
  missingOptionalPackages({
    '': {},
    'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies },
    ...rest,
  });

describe('optional packages missing from the lock file', () => {
  it('are completed with the platform that their name tells', () => {
    expect(
      withOptional({ '@tool/cli-linux-x64-musl': '1.0.0', '@tool/cli-win32-arm64': '1.0.0' }),
    ).toEqual({
      'node_modules/@tool/cli-linux-x64-musl': {
        version: '1.0.0',
        cpu: ['x64'],
        dev: true,
        libc: ['musl'],
        optional: true,
        os: ['linux'],
      },
      'node_modules/@tool/cli-win32-arm64': {
        version: '1.0.0',
        cpu: ['arm64'],
        dev: true,
        optional: true,
        os: ['win32'],
      },
    });
  });

  it.each(['node_modules/tool-darwin-x64', 'node_modules/tool/node_modules/tool-darwin-x64'])(
    'are not missing when locked at %s',
    (path) => {
      const locked = { [path]: { version: '1.0.0' } };
      expect(withOptional({ 'tool-darwin-x64': '1.0.0' }, locked)).toEqual({});
    },
  );

  it('are refused when their platform or version cannot be told', () => {
    expect(() => withOptional({ 'tool-extra': '1.0.0' })).toThrow('platform');
    expect(() => withOptional({ 'tool-darwin-x64': '^1.0.0' })).toThrow('exact version');
  });
});
