import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, say } from './setup/messages.mjs';
import { productNode, productPath, projectFolder } from './setup/project.mjs';
import { setUp } from './setup.mjs';

/**
 * `node build/run.mjs <task> [arguments]`: sets the machine up for the task, then runs it in a
 * fresh process on the product's Node.js. The task owns stdin and stdout and its exit code is ours.
 */
/** @type {Record<string, [string[], string[]?]>} */
const scripts = {
  demo: [['build/bundle.ts', '--quiet'], ['electron/chromium/demo.ts']],
  start: [['build/bundle.ts', '--quiet'], ['electron/chromium/start.ts']],
  station: [['electron/cli/main.ts']],
  build: [['build/bundle.ts']],
  unit: [['node_modules/vitest/vitest.mjs', 'run', '--config', 'build/vitest.config.ts']],
  fuzz: [['test/fuzz/main.ts']],
  conformance: [['test/conformance/main.ts']],
  bench: [['test/bench/main.ts']],
  test: [['build/gate.ts']],
  full: [['build/gate.ts', '--full']],
};

/** Node keeps compiled code here, which halves the start of a command. */
const compileCache = { NODE_COMPILE_CACHE: join(projectFolder, 'node_modules/.cache/compiled') };

/** @type {NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {string[]} commandLine @returns {Promise<number>} exit code */
async function main([task = '', ...args]) {
  const steps = scripts[task];
  if (steps === undefined) {
    say(`unknown task "${task}"; known: ${Object.keys(scripts).join(', ')}`);
    return 2;
  }
  try {
    setUp(task, args);
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    say(error.message);
    return 1;
  }
  const [first, last] = steps;
  if (last === undefined) {
    return runOnProductNode([...first, ...args]);
  }
  const code = await runOnProductNode(first);
  return code === 0 ? runOnProductNode([...last, ...args]) : code;
}

/**
 * Runs a script of the project on the product's Node.js.
 * @param {string[]} scriptAndArgs
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
function runOnProductNode([script = '', ...args]) {
  const assertion = pathToFileURL(join(projectFolder, 'build', 'assert-node.mjs')).href;
  const child = spawn(
    productNode() ?? process.execPath,
    ['--import', assertion, join(projectFolder, script), ...args],
    { stdio: 'inherit', env: { ...process.env, ...compileCache, PATH: productPath() } },
  );
  for (const signal of passedOn) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself, twice would mean "at once".
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) {
        child.kill(signal);
      }
    });
  }
  const watch = watchParent(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of passedOn) {
        process.removeAllListeners(name);
      }
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * A signal for npm ends only the shell between npm and this process: under npm, the task ends when
 * its parent has gone.
 * @param {import('node:child_process').ChildProcess} child
 */
function watchParent(child) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) {
      child.kill('SIGTERM');
    }
  }, 300);
}

process.exitCode = await main(process.argv.slice(2));
