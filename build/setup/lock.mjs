import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError, say } from './messages.mjs';
import { projectFolder } from './project.mjs';

const lockFile = join(projectFolder, '.cache', 'setup.lock');

/**
 * Runs an installation while no other process of this project installs: two at once would take
 * node_modules away from each other. The lock of a process that has gone is not respected.
 * @param {() => void} install
 */
export function whileLocked(install) {
  let announced = false;
  while (!taken()) {
    if (!announced) {
      say('another set-up of this project is running, waiting for it …');
      announced = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  try {
    install();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function taken() {
  try {
    mkdirSync(dirname(lockFile), { recursive: true });
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      throw new SetupError(`the project folder cannot be written: ${error}`);
    }
    if (!holderLives()) {
      rmSync(lockFile, { force: true });
    }
    return false;
  }
}

function holderLives() {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch (error) {
    // A process of another user answers EPERM: it lives.
    return hasCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
