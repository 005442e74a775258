/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockEntry */

import { dirname, join } from 'node:path';
import { lastLines, runLogged, SetupError, say } from './messages.mjs';
import {
  findProgram,
  machinePath,
  nodePackageFolder,
  productNode,
  readProjectJson,
} from './project.mjs';

/**
 * Whether node_modules holds what package-lock.json names. npm writes its own record of what it
 * unpacked at the end of each installation, so an interrupted one counts as missing.
 */
export function npmPackagesInstalled() {
  const wanted = readProjectJson('package-lock.json');
  const unpacked = readProjectJson('node_modules', '.package-lock.json');
  if (wanted === null || unpacked === null || productNode() === null) {
    return false;
  }
  return lockSatisfied(wanted.packages, unpacked.packages);
}

/**
 * Compares the packages of two lock files: each wanted one must be there in the wanted version;
 * optional ones (other platforms) may be absent.
 * @param {Record<string, LockEntry>} wanted
 * @param {Record<string, LockEntry>} unpacked
 */
export function lockSatisfied(wanted, unpacked) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') {
      return true;
    }
    const present = unpacked[path];
    if (present === undefined) {
      return entry.optional === true || entry.devOptional === true;
    }
    return present.version === entry.version && present.integrity === entry.integrity;
  });
}

/** Installs exactly what package-lock.json names. @throws {SetupError} with npm's last words. */
export function installNpmPackages() {
  say('installing npm packages as package-lock.json names them (npm ci) …');
  const started = Date.now();
  const result = runNpm(['ci', '--no-fund', '--no-audit', '--loglevel=error', '--no-progress']);
  if (!result.ok) {
    throw new SetupError(
      `npm ci failed:\n${lastLines(result.output)}\n` +
        'Check that the npm registry can be reached (npm ping) and run the command again.',
    );
  }
  say(`npm packages installed (${Math.round((Date.now() - started) / 1000)} s)`);
}

/** Compiles pkcs11js again. @returns {{ ok: boolean, output: string }} */
export function rebuildAddon() {
  return runNpm(['rebuild', 'pkcs11js', '--foreground-scripts']);
}

/** @param {string[]} args */
function runNpm(args) {
  const [program, ...leading] = npmCommand();
  return runLogged(program, [...leading, ...args], npmEnvironment());
}

/** @returns {[string, ...string[]]} */
function npmCommand() {
  const node = findProgram('node') ?? process.execPath;
  const npmScript = process.env.npm_execpath ?? '';
  if (npmScript.endsWith('npm-cli.js')) {
    return [node, npmScript];
  }
  const npm = findProgram('npm');
  if (npm === null) {
    throw new SetupError('npm was not found on the PATH: install Node.js together with npm.');
  }
  return [npm];
}

/**
 * pkcs11js is compiled on the machine; node-gyp takes Node's headers from the npm package that
 * carries Node.js, so that no other server than the npm registry is needed.
 */
function npmEnvironment() {
  const node = findProgram('node') ?? process.execPath;
  /** @type {NodeJS.ProcessEnv} */
  const environment = {
    ...process.env,
    PATH: [dirname(node), machinePath()].join(process.platform === 'win32' ? ';' : ':'),
    CI: process.env.CI ?? '1',
  };
  if (process.platform === 'linux') {
    environment.npm_config_nodedir = nodePackageFolder;
  }
  delete environment.NODE_OPTIONS;
  return environment;
}

/**
 * Path of a file inside an installed npm package.
 * @param {string[]} path
 */
export function inNodeModules(...path) {
  return join(dirname(nodePackageFolder), ...path);
}
