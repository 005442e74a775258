import { posix, win32 } from 'node:path';

/**
 * The folder of the station's database and keystores: `EST_STATION_HOME`, else the place the
 * operating system keeps for such data.
 * @param homedir absolute path of the account's home folder
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: string,
): string {
  if (env.EST_STATION_HOME) return env.EST_STATION_HOME;
  switch (platform) {
    case 'win32': {
      const local = env.LOCALAPPDATA || win32.join(homedir, 'AppData', 'Local');
      return win32.join(local, 'EST Station');
    }
    case 'darwin':
      return posix.join(homedir, 'Library', 'Application Support', 'EST Station');
    default: {
      // XDG Base Directory Specification: a relative path is invalid and ignored.
      const named = env.XDG_DATA_HOME;
      const data = named && posix.isAbsolute(named) ? named : posix.join(homedir, '.local/share');
      return posix.join(data, 'est-station');
    }
  }
}
