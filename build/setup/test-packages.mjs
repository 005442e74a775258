import { existsSync } from 'node:fs';
import { isLibrary, isProgram } from './presence.mjs';

/**
 * What only tests need: modules, cards and a TPM to work on, and independent programs to be held against.
 *
 * @type {import('./system-packages.mjs').SystemPackage[]}
 */
export const testPackages = [
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
    present: isLibrary('libsoftokn3.so'),
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
    present: () => process.platform !== 'linux' || isLibrary('opensc-pkcs11.so')(),
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
    present: () => process.platform !== 'linux' || isLibrary('libtss2-tcti-tabrmd.so.0')(),
  },
  {
    name: 'libtpm2-pkcs11-1',
    why: 'a third PKCS#11 implementation for the long tests, with its keys in a TPM',
    tasks: ['full'],
    indispensable: false,
    present: () => process.platform !== 'linux' || isLibrary('libtpm2_pkcs11.so.1')(),
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
];
