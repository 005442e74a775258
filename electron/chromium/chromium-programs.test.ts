import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium-programs.ts';

const there =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file);

describe('the search for a Chromium', () => {
  it.each<[NodeJS.Platform, Record<string, string>, string[], string | null]>([
    ['linux', { PATH: '/usr/local/bin:/usr/bin' }, ['/usr/bin/chromium'], '/usr/bin/chromium'],
    [
      'linux',
      { PATH: '/usr/bin' },
      ['/usr/bin/google-chrome', '/usr/bin/chromium'],
      '/usr/bin/chromium',
    ],
    ['linux', { PATH: '.:/usr/bin' }, ['chromium'], null],
    ['linux', {}, [], null],
    [
      'darwin',
      {},
      ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      'win32',
      { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' },
      ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
    ['linux', { EST_STATION_CHROMIUM: '/opt/c', PATH: '/usr/bin' }, ['/opt/c'], '/opt/c'],
    ['linux', { EST_STATION_CHROMIUM: '/opt/c', PATH: '/usr/bin' }, ['/usr/bin/chromium'], null],
    ['aix', { PATH: '/usr/bin' }, ['/usr/bin/chromium'], null],
  ])('on %s with %j and %j gives %j', (platform, environment, files, found) => {
    expect(findChromium({ platform, environment, isProgram: there(...files) })).toBe(found);
  });
});
