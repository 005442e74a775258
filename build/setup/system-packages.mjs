import { existsSync } from 'node:fs';
import {
  chromiumPresent,
  displayPresent,
  electronPresent,
  isProgram,
  softhsmModules,
} from './presence.mjs';
import { projectFolder } from './project.mjs';
import { testPackages } from './test-packages.mjs';

/**
 * What a task needs from the system, by Debian package. `present` looks for the files that the
 * package brings (whoever brought them); `tasks` names where it is used; `indispensable` means
 * that the task cannot begin without it.
 *
 * @typedef {{ name: string, why: string, tasks: string[], indispensable: boolean,
 *   present: () => boolean, wanted?: (args: string[]) => boolean }} SystemPackage
 */

const fontFolder = '/usr/share/fonts/truetype';

/** @type {SystemPackage[]} */
export const systemPackages = [
  {
    name: 'softhsm2',
    why: 'a PKCS#11 token in software',
    tasks: ['demo', 'test', 'full', 'bench'],
    indispensable: true,
    present: () => softhsmModules.some((path) => existsSync(path)),
  },
  {
    name: 'softhsm2',
    why: 'the command names its module',
    tasks: ['station'],
    indispensable: false,
    present: () => softhsmModules.some((path) => existsSync(path)),
    wanted: (args) => args.some((arg) => softhsmModules.includes(arg)),
  },
  {
    name: 'chromium',
    why: 'shows the station window (no Electron program is here)',
    tasks: ['start'],
    indispensable: true,
    present: () => electronPresent() || chromiumPresent(),
  },
  {
    name: 'chromium',
    why: 'shows and drives the station window',
    tasks: ['demo', 'test', 'full'],
    indispensable: true,
    present: chromiumPresent,
  },
  {
    name: 'xvfb',
    why: 'a virtual display, as there is no screen',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: () => displayPresent() || isProgram('Xvfb')(),
  },
  {
    name: 'xauth',
    why: 'access to the virtual display',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: () => displayPresent() || isProgram('xauth')(),
  },
  {
    name: 'fonts-noto-core',
    why: 'text in the station window',
    tasks: ['demo', 'start', 'test', 'full'],
    indispensable: false,
    present: () =>
      displayPresent() ||
      existsSync(`${fontFolder}/noto/NotoSans-Regular.ttf`) ||
      existsSync(`${fontFolder}/liberation`),
  },
  {
    name: 'fonts-noto-mono',
    why: 'fingerprints in the station window',
    tasks: ['demo', 'start', 'test', 'full'],
    indispensable: false,
    present: () =>
      displayPresent() ||
      existsSync(`${fontFolder}/noto/NotoSansMono-Regular.ttf`) ||
      existsSync(`${fontFolder}/liberation`),
  },
  {
    name: 'opensc',
    why: 'pkcs11-tool reads the token independently',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: isProgram('pkcs11-tool'),
  },
  {
    name: 'openssl',
    why: 'checks certificates independently',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: isProgram('openssl'),
  },
  ...testPackages,
  {
    name: 'git',
    why: 'the formatter reads which files are ignored',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => isProgram('git')() || !existsSync(`${projectFolder}/.git`),
  },
];

/**
 * Packages that a task needs and the machine lacks.
 * @param {string} task
 * @param {string[]} args the task's own arguments
 */
export function missingSystemPackages(task, args) {
  return systemPackages.filter(
    (entry) => entry.tasks.includes(task) && (entry.wanted?.(args) ?? true) && !entry.present(),
  );
}

/**
 * Debian packages that bring the compiler's programs.
 * @param {string[]} missingPrograms
 * @returns {SystemPackage[]}
 */
export function compilerPackages(missingPrograms) {
  return missingPrograms.map((name) => ({
    name,
    why: 'compiles pkcs11js',
    tasks: [],
    indispensable: true,
    present: isProgram(name),
  }));
}
