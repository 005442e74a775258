import { describe, expect, it } from 'vitest';
import { dataFolder } from './data-folder.ts';

describe('dataFolder', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.local/share/est-station'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/home/ada', '/data/est-station'],
    ['linux', { XDG_DATA_HOME: 'data' }, '/home/ada', '/home/ada/.local/share/est-station'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/ada', '/home/ada/.local/share/est-station'],
    ['linux', { EST_STATION_HOME: '/srv/est', XDG_DATA_HOME: '/data' }, '/home/ada', '/srv/est'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Application Support/EST Station'],
    ['darwin', { EST_STATION_HOME: '/Volumes/est' }, '/Users/ada', '/Volumes/est'],
    [
      'win32',
      { LOCALAPPDATA: 'D:\\Profiles\\ada\\Local' },
      'C:\\Users\\ada',
      'D:\\Profiles\\ada\\Local\\EST Station',
    ],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Local\\EST Station'],
    ['win32', { EST_STATION_HOME: 'E:\\est' }, 'C:\\Users\\ada', 'E:\\est'],
  ] as const)('on %s with %o and home %s is %s', (platform, env, home, folder) => {
    expect(dataFolder(env, platform, home)).toBe(folder);
  });
});
