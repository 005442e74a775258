import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './project.mjs';

/** Where the output of apt-get and npm goes; only its end is shown, and only after a failure. */
export const logFile = join(projectFolder, '.cache', 'setup.log');

/** Set-up could not provide something indispensable; the message says what to do. */
export class SetupError extends Error {}

/**
 * One line for the person, on stderr: stdout belongs to the task.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/**
 * Runs a program to its end with its output in the log file.
 * @param {string} program
 * @param {string[]} args
 * @returns {{ ok: boolean, output: string }} whether it exited with 0, and what it printed.
 */
export function runLogged(program, args, env = process.env) {
  mkdirSync(join(projectFolder, '.cache'), { recursive: true });
  const log = openSync(logFile, 'w');
  let result;
  try {
    result = spawnSync(program, args, {
      cwd: projectFolder,
      env,
      stdio: ['ignore', log, log],
      shell: process.platform === 'win32' && program.endsWith('.cmd'),
    });
  } finally {
    closeSync(log);
  }
  const output = readFileSync(logFile, 'utf8');
  return {
    ok: result.status === 0,
    output: result.error ? `${output}${result.error.message}\n` : output,
  };
}

/**
 * The last lines of an output, indented, for a failure message.
 * @param {string} output
 */
export function lastLines(output, count = 25) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
