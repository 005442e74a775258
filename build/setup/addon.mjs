import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { lastLines, SetupError, say } from './messages.mjs';
import { inNodeModules, rebuildAddon } from './npm-packages.mjs';
import { findProgram, productNode, projectFolder } from './project.mjs';

const compilerPrograms = ['g++', 'make', 'python3'];

/** Whether the compiled part of pkcs11js loads. Node-API: one binary serves every Node.js line. */
export function addonLoads() {
  const binary = inNodeModules('pkcs11js', 'build', 'Release', 'pkcs11.node');
  if (!existsSync(binary)) {
    return false;
  }
  try {
    createRequire(import.meta.url)(binary);
    return true;
  } catch {
    return false;
  }
}

/** Programs that compiling pkcs11js needs and the machine lacks. */
export function missingCompilerPrograms() {
  return compilerPrograms.filter((name) => findProgram(name) === null);
}

/** Compiles pkcs11js and checks in a fresh process that it loads. @throws {SetupError} */
export function buildAddon() {
  say('compiling pkcs11js, the bridge to PKCS#11 modules …');
  const result = rebuildAddon();
  const check = spawnSync(productNode() ?? process.execPath, ['-e', "require('pkcs11js')"], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  if (check.status === 0) {
    return;
  }
  const missing = missingCompilerPrograms();
  throw new SetupError(
    `pkcs11js could not be compiled:\n${lastLines(result.output + (check.stderr ?? ''))}\n` +
      (missing.length > 0
        ? `Missing here: ${missing.join(', ')}. Install a C++ compiler, make and Python 3 ` +
          '(Debian: apt-get install g++ make python3) and run the command again.'
        : 'Remove node_modules and run the command again.'),
  );
}
