import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where Chromium, Chrome or Edge stand, per operating system; the first that is there is used. */
const programs: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge-stable',
    'microsoft-edge',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    '%ProgramFiles%\\Chromium\\Application\\chrome.exe',
    '%LocalAppData%\\Chromium\\Application\\chrome.exe',
    '%ProgramFiles%\\Google\\Chrome\\Application\\chrome.exe',
    '%ProgramFiles(x86)%\\Google\\Chrome\\Application\\chrome.exe',
    '%ProgramFiles(x86)%\\Microsoft\\Edge\\Application\\msedge.exe',
    '%ProgramFiles%\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

export interface ProgramSearch {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isProgram: (file: string) => boolean;
}

/**
 * Finds a Chromium to show the window with. `EST_STATION_CHROMIUM` names one outright.
 * @returns its path, or null when there is none.
 */
export function findChromium(search: ProgramSearch = here()): string | null {
  const { platform, environment, isProgram } = search;
  const named = environment.EST_STATION_CHROMIUM;
  if (named) return isProgram(named) ? named : null;
  const candidates = (programs[platform] ?? []).flatMap((program) => places(program, search));
  return candidates.find(isProgram) ?? null;
}

/** A bare name is looked up along PATH; a path has its variables filled in. */
function places(program: string, { platform, environment }: ProgramSearch): readonly string[] {
  if (platform === 'linux') {
    const folders = (environment.PATH ?? '').split(':').filter((folder) => path.isAbsolute(folder));
    return folders.map((folder) => path.posix.join(folder, program));
  }
  const file = program.replace(/%([^%]+)%/g, (_whole, name: string) => environment[name] ?? '');
  return file.startsWith('\\') ? [] : [file];
}

function here(): ProgramSearch {
  return {
    platform: process.platform,
    environment: process.env,
    isProgram(file) {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  };
}
