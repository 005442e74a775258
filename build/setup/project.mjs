import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project folder, without a trailing separator. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Oldest Node.js on which the set-up itself runs; the product runs on the bundled one. */
export const oldestNode = /** @type {const} */ ([20, 19]);

/** Node.js line of the product: the one inside Electron 45. */
export const productNodeMajor = 24;

const platformName = process.platform === 'win32' ? 'win' : process.platform;

/** Folder of the npm package that carries Node.js (and, except on Windows, its headers). */
export const nodePackageFolder = join(
  projectFolder,
  'node_modules',
  `node-${platformName}-${process.arch}`,
);

/**
 * Path of the Node.js that runs the product, or null when there is none: the one from the npm
 * registry, or the running one where it belongs to the same line (platforms without such a package).
 */
export function productNode() {
  const bundled = join(
    nodePackageFolder,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(bundled)) {
    return bundled;
  }
  return Number(process.versions.node.split('.')[0]) === productNodeMajor ? process.execPath : null;
}

/** PATH with the project's own programs first, for everything that runs after set-up. */
export function productPath() {
  return [join(projectFolder, 'node_modules', '.bin'), machinePath()].join(delimiter);
}

/**
 * PATH without the project's own programs: npm replaces node_modules while it runs, so it must not
 * run on a Node.js from inside it.
 */
export function machinePath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.startsWith(projectFolder + sep))
    .join(delimiter);
}

/**
 * Full path of a program on a PATH-like list of folders, or null.
 * @param {string} name
 */
export function findProgram(name, path = machinePath()) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const folder of path.split(delimiter)) {
    for (const suffix of suffixes) {
      const candidate = join(folder, name + suffix);
      if (existsSync(candidate)) {
        return candidate;
      }
    }
  }
  return null;
}

/**
 * Parsed JSON of a file in the project, or null when it is missing or unreadable.
 * @param {string[]} path
 */
export function readProjectJson(...path) {
  try {
    return JSON.parse(readFileSync(join(projectFolder, ...path), 'utf8'));
  } catch {
    return null;
  }
}
