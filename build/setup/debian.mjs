import { lastLines, runLogged, say } from './messages.mjs';
import { findProgram } from './project.mjs';

/**
 * Installs Debian packages with apt-get, as root or through sudo.
 *
 * @param {import('./system-packages.mjs').SystemPackage[]} wanted
 * @returns {import('./system-packages.mjs').SystemPackage[]} those still missing afterwards
 */
export function installDebianPackages(wanted) {
  for (const { name, why } of wanted) {
    say(`needs ${name}: ${why}`);
  }
  const apt = aptCommand(wanted.map((entry) => entry.name));
  if (apt === null) {
    return wanted;
  }
  installWith(apt, wanted);
  const missing = wanted.filter((entry) => !entry.present());
  if (missing.length > 0) {
    say(`could not install ${missing.map((entry) => entry.name).join(', ')}`);
  }
  return missing;
}

/** @param {[string, ...string[]]} apt @param {import('./system-packages.mjs').SystemPackage[]} wanted */
function installWith(apt, wanted) {
  const names = wanted.map((entry) => entry.name);
  say(`installing with apt-get: ${names.join(' ')} …`);
  const update = runApt(apt, ['update', '-qq']);
  if (!update.ok) {
    say(`apt-get update reported problems:\n${lastLines(update.output, 8)}`);
  }
  const all = installNamed(apt, names);
  if (!all.ok && names.length > 1) {
    say('apt-get could not install them together, trying one by one');
    for (const name of names) {
      const one = installNamed(apt, [name]);
      if (!one.ok) {
        say(`${name}:\n${lastLines(one.output, 5)}`);
      }
    }
  } else if (!all.ok) {
    say(`apt-get failed:\n${lastLines(all.output, 12)}`);
  }
}

/** @param {[string, ...string[]]} apt @param {string[]} names */
function installNamed(apt, names) {
  return runApt(apt, ['install', '-y', '-qq', '--no-install-recommends', ...names]);
}

/** @param {[string, ...string[]]} apt @param {string[]} args */
function runApt(apt, args) {
  const [program, ...leading] = apt;
  return runLogged(program, [...leading, '-o', 'DPkg::Lock::Timeout=300', ...args]);
}

/**
 * How apt-get can be run here without a question being asked; null, with the reason and what to do
 * said, where it cannot.
 * @param {string[]} names
 * @returns {[string, ...string[]] | null}
 */
function aptCommand(names) {
  const aptGet = findProgram('apt-get');
  if (aptGet === null) {
    say(`this system has no apt-get: install what Debian calls ${names.join(', ')} and run again`);
    return null;
  }
  /** @type {[string, ...string[]]} */
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', aptGet];
  if (process.getuid?.() === 0) {
    return quiet;
  }
  const sudo = findProgram('sudo');
  if (sudo !== null) {
    // Without a terminal nobody could answer sudo's question for a password.
    return process.stdin.isTTY ? [sudo, ...quiet] : [sudo, '-n', ...quiet];
  }
  say('installing needs root, and there is no sudo; as root, run:');
  say(`    apt-get install --no-install-recommends ${names.join(' ')}`);
  return null;
}
