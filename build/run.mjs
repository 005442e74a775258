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
const scripts = {
  demo: [['build/bundle.ts', '--quiet'], ['electron/chromium/demo.ts']],
  start: [['build/bundle.ts', '--quiet'], ['electron/chromium/start.ts']],
  station: [['electron/cli/main.ts']],
  build: [['build/bundle.ts']],
  unit: [['node_modules/vitest/vitest.mjs', 'run', '--config', 'build/vitest.config.ts']],
  test: [['build/gate.ts']],
  full: [['build/gate.ts', '--full']],
};

const interruptedExitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

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
  for (const step of steps.slice(0, -1)) {
    const code = await runOnProductNode(step);
    if (code !== 0) {
      return code;
    }
  }
  return runOnProductNode([...steps[steps.length - 1], ...args]);
}

/** Runs a script of the project on the product's Node.js and returns its exit code. */
function runOnProductNode([script, ...args]) {
  const assertion = pathToFileURL(join(projectFolder, 'build', 'assert-node.mjs')).href;
  const child = spawn(
    productNode(),
    ['--import', assertion, join(projectFolder, script), ...args],
    { stdio: 'inherit', env: { ...process.env, PATH: productPath() } },
  );
  for (const signal of Object.keys(interruptedExitCodes)) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself, twice would mean "at once".
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) {
        child.kill(signal);
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of Object.keys(interruptedExitCodes)) {
        process.removeAllListeners(name);
      }
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

process.exitCode = await main(process.argv.slice(2));
