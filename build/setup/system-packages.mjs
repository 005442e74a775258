import { existsSync } from 'node:fs';
import { inNodeModules } from './npm-packages.mjs';
import { findProgram, projectFolder } from './project.mjs';

/**
 * What a task needs from the system, by Debian package. `present` looks for the files that the
 * package brings (whoever brought them); `tasks` names where it is used; `indispensable` means
 * that the task cannot begin without it.
 *
 * @typedef {{ name: string, why: string, tasks: string[], indispensable: boolean,
 *   present: () => boolean, wanted?: (args: string[]) => boolean }} SystemPackage
 */

const softhsmModules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  'C:\\SoftHSM2\\lib\\softhsm2-x64.dll',
];

const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'];

const chromiumPrograms = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** Elsewhere than on Linux browsers are no programs on the PATH: the task itself looks for them. */
const chromiumPresent = () =>
  process.platform !== 'linux' ||
  Boolean(process.env.EST_STATION_CHROMIUM) ||
  chromiumPrograms.some((name) => findProgram(name) !== null);

const fontFolder = '/usr/share/fonts/truetype';

/** @param {string} name */
const isProgram = (name) => () => findProgram(name) !== null;

/** Whether an Electron binary is here: the npm package brings it only from its own server. */
export function electronPresent() {
  return (
    (process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '') !== '' ||
    existsSync(inNodeModules('electron', 'path.txt'))
  );
}

/** Whether a window can be shown to a person. */
export function displayPresent() {
  return (
    process.platform !== 'linux' ||
    Boolean(process.env.DISPLAY) ||
    Boolean(process.env.WAYLAND_DISPLAY)
  );
}

/** @type {SystemPackage[]} */
export const systemPackages = [
  {
    name: 'softhsm2',
    why: 'a PKCS#11 token in software',
    tasks: ['demo', 'test', 'full', 'bench'],
    indispensable: true,
    present: () => softhsmModules.some((path) => existsSync(path)),
  },
  {
    name: 'softhsm2',
    why: 'the command names its module',
    tasks: ['station'],
    indispensable: false,
    present: () => softhsmModules.some((path) => existsSync(path)),
    wanted: (args) => args.some((arg) => softhsmModules.includes(arg)),
  },
  {
    name: 'chromium',
    why: 'shows the station window (no Electron program is here)',
    tasks: ['start'],
    indispensable: true,
    present: () => electronPresent() || chromiumPresent(),
  },
  {
    name: 'chromium',
    why: 'shows and drives the station window',
    tasks: ['demo', 'test', 'full'],
    indispensable: true,
    present: chromiumPresent,
  },
  {
    name: 'xvfb',
    why: 'a virtual display, as there is no screen',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: () => displayPresent() || isProgram('Xvfb')(),
  },
  {
    name: 'xauth',
    why: 'access to the virtual display',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: () => displayPresent() || isProgram('xauth')(),
  },
  {
    name: 'fonts-noto-core',
    why: 'text in the station window',
    tasks: ['demo', 'start', 'test', 'full'],
    indispensable: false,
    present: () =>
      displayPresent() ||
      existsSync(`${fontFolder}/noto/NotoSans-Regular.ttf`) ||
      existsSync(`${fontFolder}/liberation`),
  },
  {
    name: 'fonts-noto-mono',
    why: 'fingerprints in the station window',
    tasks: ['demo', 'start', 'test', 'full'],
    indispensable: false,
    present: () =>
      displayPresent() ||
      existsSync(`${fontFolder}/noto/NotoSansMono-Regular.ttf`) ||
      existsSync(`${fontFolder}/liberation`),
  },
  {
    name: 'opensc',
    why: 'pkcs11-tool reads the token independently',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: isProgram('pkcs11-tool'),
  },
  {
    name: 'openssl',
    why: 'checks certificates independently',
    tasks: ['demo', 'test', 'full'],
    indispensable: false,
    present: isProgram('openssl'),
  },
  {
    name: 'strongswan-pki',
    why: 'an independent EST client for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: isProgram('pki'),
  },
  {
    name: 'libstrongswan-standard-plugins',
    why: 'lets strongSwan use elliptic curves',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => existsSync('/usr/lib/ipsec/plugins/libstrongswan-openssl.so'),
  },
  {
    name: 'strace',
    why: 'shows what reaches the disk, for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: isProgram('strace'),
  },
  {
    name: 'gnutls-bin',
    why: 'an independent TLS implementation for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => isProgram('gnutls-cli')() && isProgram('gnutls-serv')(),
  },
  {
    name: 'nginx-light',
    why: 'a web server whose TLS the tests sign in to',
    tasks: ['test', 'full'],
    indispensable: false,
    present: isProgram('nginx'),
  },
  {
    name: 'curl',
    why: 'an independent HTTP client for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: isProgram('curl'),
  },
  {
    name: 'gcc',
    why: 'compiles a faulty PKCS#11 module for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: isProgram('gcc'),
  },
  {
    name: 'libnss3',
    why: 'a second PKCS#11 implementation for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => libraryFolders.some((folder) => existsSync(`${folder}/libsoftokn3.so`)),
  },
  {
    name: 'pcscd',
    why: 'smart card readers, for the tests with a virtual card',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => process.platform !== 'linux' || isProgram('pcscd')(),
  },
  {
    name: 'vsmartcard-vpcd',
    why: 'a virtual card reader for the tests',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () =>
      process.platform !== 'linux' || existsSync('/usr/lib/pcsc/drivers/serial/libifdvpcd.so'),
  },
  {
    name: 'opensc-pkcs11',
    why: 'the PKCS#11 module that reads the virtual card',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () =>
      process.platform !== 'linux' ||
      libraryFolders.some((folder) => existsSync(`${folder}/opensc-pkcs11.so`)),
  },
  {
    name: 'swtpm',
    why: 'a TPM in software for the long tests',
    tasks: ['full'],
    indispensable: false,
    present: () => process.platform !== 'linux' || isProgram('swtpm')(),
  },
  {
    name: 'tpm2-abrmd',
    why: 'shares the TPM in software among processes, for the long tests',
    tasks: ['full'],
    indispensable: false,
    present: () => process.platform !== 'linux' || isProgram('tpm2-abrmd')(),
  },
  {
    name: 'dbus-daemon',
    why: 'how the shared TPM is reached, for the long tests',
    tasks: ['full'],
    indispensable: false,
    present: () => process.platform !== 'linux' || isProgram('dbus-daemon')(),
  },
  {
    name: 'libtss2-tcti-tabrmd0',
    why: 'the way to the shared TPM, for the long tests',
    tasks: ['full'],
    indispensable: false,
    present: () =>
      process.platform !== 'linux' ||
      libraryFolders.some((folder) => existsSync(`${folder}/libtss2-tcti-tabrmd.so.0`)),
  },
  {
    name: 'libtpm2-pkcs11-1',
    why: 'a third PKCS#11 implementation for the long tests, with its keys in a TPM',
    tasks: ['full'],
    indispensable: false,
    present: () =>
      process.platform !== 'linux' ||
      libraryFolders.some((folder) => existsSync(`${folder}/libtpm2_pkcs11.so.1`)),
  },
  {
    name: 'python3-cryptography-vectors',
    why: "NIST's certificate path validation suite for the tests",
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => existsSync('/usr/lib/python3/dist-packages/cryptography_vectors'),
  },
  {
    name: 'libbcpkix-java',
    why: "Bouncy Castle's EST client, a second independent one, for the long tests",
    tasks: ['full'],
    indispensable: false,
    present: () => existsSync('/usr/share/java/bcpkix.jar'),
  },
  {
    name: 'libbctls-java',
    why: "Bouncy Castle's TLS, whose tls-unique proves possession, for the long tests",
    tasks: ['full'],
    indispensable: false,
    present: () => existsSync('/usr/share/java/bctls.jar'),
  },
  {
    name: 'openjdk-17-jdk-headless',
    why: 'compiles and runs the client on Bouncy Castle, for the long tests',
    tasks: ['full'],
    indispensable: false,
    present: () => isProgram('javac')() && isProgram('java')(),
  },
  {
    name: 'golang-1.19-go',
    why: "builds BoringSSL's conformance runner for TLS",
    tasks: ['conformance', 'full'],
    indispensable: false,
    present: () => existsSync('/usr/lib/go-1.19/bin/go'),
  },
  {
    name: 'golang-golang-x-crypto-dev',
    why: 'part of the conformance runner for TLS',
    tasks: ['conformance', 'full'],
    indispensable: false,
    present: () => existsSync('/usr/share/gocode/src/golang.org/x/crypto'),
  },
  {
    name: 'xz-utils',
    why: 'unpacks the sources of the conformance runner for TLS',
    tasks: ['conformance', 'full'],
    indispensable: false,
    present: isProgram('xz'),
  },
  {
    name: 'git',
    why: 'the formatter reads which files are ignored',
    tasks: ['test', 'full'],
    indispensable: false,
    present: () => isProgram('git')() || !existsSync(`${projectFolder}/.git`),
  },
];

/**
 * Packages that a task needs and the machine lacks.
 * @param {string} task
 * @param {string[]} args the task's own arguments
 */
export function missingSystemPackages(task, args) {
  return systemPackages.filter(
    (entry) => entry.tasks.includes(task) && (entry.wanted?.(args) ?? true) && !entry.present(),
  );
}

/**
 * Debian packages that bring the compiler's programs.
 * @param {string[]} missingPrograms
 * @returns {SystemPackage[]}
 */
export function compilerPackages(missingPrograms) {
  return missingPrograms.map((name) => ({
    name,
    why: 'compiles pkcs11js',
    tasks: [],
    indispensable: true,
    present: isProgram(name),
  }));
}
