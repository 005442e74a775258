import { existsSync } from 'node:fs';
import { inNodeModules } from './npm-packages.mjs';
import { findProgram } from './project.mjs';

/** Where SoftHSM's module lies. */
export const softhsmModules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  'C:\\SoftHSM2\\lib\\softhsm2-x64.dll',
];

/** Where Debian and others keep shared libraries. */
const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'];

const chromiumPrograms = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** Elsewhere than on Linux browsers are no programs on the PATH: the task itself looks for them. */
export const chromiumPresent = () =>
  process.platform !== 'linux' ||
  Boolean(process.env.EST_STATION_CHROMIUM) ||
  chromiumPrograms.some((name) => findProgram(name) !== null);

/** @param {string} name a program on the PATH */
export const isProgram = (name) => () => findProgram(name) !== null;

/** Whether an Electron binary is here: the npm package brings it only from its own server. */
export function electronPresent() {
  return (
    (process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '') !== '' ||
    existsSync(inNodeModules('electron', 'path.txt'))
  );
}

/** Whether a window can be shown to a person. */
export function displayPresent() {
  return (
    process.platform !== 'linux' ||
    Boolean(process.env.DISPLAY) ||
    Boolean(process.env.WAYLAND_DISPLAY)
  );
}

/** @param {string} name a shared library */
export const isLibrary = (name) => () =>
  libraryFolders.some((folder) => existsSync(`${folder}/${name}`));
