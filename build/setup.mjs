import { addonLoads, buildAddon, missingCompilerPrograms } from './setup/addon.mjs';
import { installDebianPackages } from './setup/debian.mjs';
import { whileLocked } from './setup/lock.mjs';
import { SetupError, say } from './setup/messages.mjs';
import { installNpmPackages, npmPackagesInstalled } from './setup/npm-packages.mjs';
import { oldestNode, productNode, productNodeMajor } from './setup/project.mjs';
import { compilerPackages, missingSystemPackages } from './setup/system-packages.mjs';

/**
 * Brings the machine to the point where a task can run: npm packages, the compiled PKCS#11 bridge
 * and the system's packages. Does nothing, in a few milliseconds, when nothing is missing. Says on
 * stderr what it installs and why, and what it could not install.
 *
 * @param {string} task one of the tasks in run.mjs
 * @param {string[]} args the task's own arguments
 * @throws {SetupError} when something indispensable for this task is missing
 */
export function setUp(task, args) {
  checkNodeVersion();
  if (missing(task, args)) {
    whileLocked(() => install(task, args));
  }
}

/** @param {string} task @param {string[]} args */
function missing(task, args) {
  return !npmPackagesInstalled() || !addonLoads() || missingSystemPackages(task, args).length > 0;
}

/** @param {string} task @param {string[]} args */
function install(task, args) {
  const packagesReady = npmPackagesInstalled();
  const addonReady = packagesReady && addonLoads();
  installSystemPackages(task, args, addonReady);
  if (!packagesReady) {
    installNpmPackages();
  }
  if (productNode() === null) {
    throw new SetupError(
      `Node.js ${productNodeMajor} is needed: npm offers none for ` +
        `${process.platform} on ${process.arch}, so install it and run the command with it.`,
    );
  }
  if (!addonReady && !addonLoads()) {
    buildAddon();
  }
}

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new SetupError(
      `Node.js ${oldestNode.join('.')} or newer is needed, this is ${process.version}.`,
    );
  }
}

/** @param {string} task @param {string[]} args @param {boolean} addonReady */
function installSystemPackages(task, args, addonReady) {
  const compiler = addonReady ? [] : compilerPackages(missingCompilerPrograms());
  const wanted = [...compiler, ...missingSystemPackages(task, args)];
  if (wanted.length === 0) {
    return;
  }
  const stillMissing = installDebianPackages(wanted);
  if (stillMissing.length === 0) {
    say('system packages installed');
    return;
  }
  const indispensable = stillMissing.filter((entry) => entry.indispensable);
  if (indispensable.length > 0) {
    throw new SetupError(
      `"${task}" cannot run without ${indispensable.map((entry) => entry.name).join(', ')}.`,
    );
  }
}
