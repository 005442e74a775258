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
  const apt = aptCommand();
  if (apt === null) {
    return wanted;
  }
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
  return wanted.filter((entry) => !entry.present());
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
 * How apt-get can be run here without a question being asked, or null (the reason is said).
 * @returns {[string, ...string[]] | null}
 */
function aptCommand() {
  const aptGet = findProgram('apt-get');
  if (aptGet === null) {
    say('this is no Debian-like system: install these yourself');
    return null;
  }
  /** @type {[string, ...string[]]} */
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', aptGet];
  if (process.getuid?.() === 0) {
    return quiet;
  }
  const sudo = findProgram('sudo');
  if (sudo === null) {
    say('installing needs root, and there is no sudo');
    return null;
  }
  // Without a terminal nobody could answer sudo's question for a password.
  return process.stdin.isTTY ? [sudo, ...quiet] : [sudo, '-n', ...quiet];
}
