import { existsSync } from 'node:fs';

/** A PKCS#11 module found on this computer. */
export interface FoundModule {
  /** Its product's name. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  /** What C_Initialize of this product wants to be told, with `<…>` to fill in; null for most. */
  readonly libraryParameters: string | null;
}

type Platform = 'linux' | 'darwin' | 'win32';

/** Where Linux distributions keep libraries: Debian by architecture, Fedora and SUSE, the rest. */
const linuxFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];
const linux = (...names: string[]) =>
  linuxFolders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
const mac = (...names: string[]) =>
  ['/opt/homebrew/lib', '/usr/local/lib', '/Library/OpenSC/lib'].flatMap((folder) =>
    names.map((name) => `${folder}/${name}`),
  );
const programFiles = (...names: string[]) => names.map((name) => `C:\\Program Files\\${name}`);
const system32 = (...names: string[]) => names.map((name) => `C:\\Windows\\System32\\${name}`);

/** Well-known places of one product by operating system, the likeliest first. */
interface Place {
  readonly name: string;
  readonly libraryParameters?: string;
  readonly paths: Record<Platform, string[]>;
}

const places: readonly Place[] = [
  {
    name: 'SoftHSM 2',
    paths: {
      linux: linux('softhsm/libsofthsm2.so', 'libsofthsm2.so', 'pkcs11/libsofthsm2.so'),
      darwin: mac('softhsm/libsofthsm2.so'),
      win32: [
        'C:\\SoftHSM2\\lib\\softhsm2-x64.dll',
        ...programFiles('SoftHSM2\\lib\\softhsm2-x64.dll'),
      ],
    },
  },
  {
    name: 'OpenSC',
    paths: {
      linux: linux('opensc-pkcs11.so', 'pkcs11/opensc-pkcs11.so'),
      darwin: mac('opensc-pkcs11.so'),
      win32: programFiles('OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll'),
    },
  },
  {
    name: 'YubiKey (YKCS11)',
    paths: {
      linux: linux('libykcs11.so.2', 'libykcs11.so'),
      darwin: mac('libykcs11.dylib'),
      win32: programFiles('Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll'),
    },
  },
  {
    name: 'YubiHSM 2',
    paths: {
      linux: linux('pkcs11/yubihsm_pkcs11.so', 'yubihsm_pkcs11.so'),
      darwin: mac('pkcs11/yubihsm_pkcs11.dylib', 'yubihsm_pkcs11.dylib'),
      win32: programFiles('Yubico\\YubiHSM Shell\\bin\\pkcs11\\yubihsm_pkcs11.dll'),
    },
  },
  {
    name: 'TPM 2.0',
    paths: {
      linux: linux('libtpm2_pkcs11.so.1', 'pkcs11/libtpm2_pkcs11.so', 'libtpm2_pkcs11.so'),
      darwin: [],
      win32: [],
    },
  },
  {
    name: 'SafeNet eToken',
    paths: {
      linux: linux('libeToken.so', 'libeTPkcs11.so'),
      darwin: mac('libeTPkcs11.dylib'),
      win32: system32('eTPKCS11.dll'),
    },
  },
  {
    name: 'SmartCard-HSM, Nitrokey HSM',
    paths: {
      linux: linux('libsc-hsm-pkcs11.so', 'pkcs11/libsc-hsm-pkcs11.so'),
      darwin: mac('libsc-hsm-pkcs11.dylib', 'libsc-hsm-pkcs11.so'),
      win32: system32('sc-hsm-pkcs11.dll'),
    },
  },
  {
    name: 'Gemalto IDPrime',
    paths: {
      linux: linux('libIDPrimePKCS11.so', 'pkcs11/libIDPrimePKCS11.so', 'libgclib.so'),
      darwin: mac('libIDPrimePKCS11.dylib'),
      win32: programFiles(
        'SafeNet\\Authentication\\SAC\\x64\\IDPrimePKCS1164.dll',
        'Gemalto\\IDGo 800 PKCS#11\\IDPrimePKCS1164.dll',
      ),
    },
  },
  {
    name: 'Athena ASECard',
    paths: {
      linux: linux('libASEP11.so', 'pkcs11/libASEP11.so'),
      darwin: mac('libASEP11.dylib'),
      win32: system32('asepkcs.dll'),
    },
  },
  {
    name: 'NSS softokn',
    libraryParameters: "configdir='sql:<folder>' certPrefix='' keyPrefix='' secmod='secmod.db'",
    paths: {
      linux: linux('libsoftokn3.so', 'nss/libsoftokn3.so'),
      darwin: mac('libsoftokn3.dylib'),
      win32: programFiles('Mozilla Firefox\\softokn3.dll'),
    },
  },
  {
    name: 'Thales Luna',
    paths: {
      linux: ['/usr/safenet/lunaclient/lib/libCryptoki2_64.so'],
      darwin: [],
      win32: programFiles('SafeNet\\LunaClient\\cryptoki.dll'),
    },
  },
  {
    name: 'nCipher nShield',
    paths: {
      linux: ['/opt/nfast/toolkits/pkcs11/libcknfast.so'],
      darwin: [],
      win32: programFiles('nCipher\\nfast\\toolkits\\pkcs11\\cknfast.dll'),
    },
  },
  {
    name: 'Utimaco',
    paths: {
      linux: ['/opt/utimaco/lib/libcs_pkcs11_R3.so', '/usr/lib/libcs_pkcs11_R3.so'],
      darwin: [],
      win32: programFiles('Utimaco\\CryptoServer\\Lib\\cs_pkcs11_R3.dll'),
    },
  },
  {
    name: 'CardOS',
    paths: {
      linux: linux('libcardos11.so'),
      darwin: mac('libcardos11.dylib'),
      win32: system32('cardos11.dll'),
    },
  },
  {
    name: 'p11-kit (all registered modules)',
    paths: {
      linux: linux('p11-kit-proxy.so', 'pkcs11/p11-kit-proxy.so'),
      darwin: mac('p11-kit-proxy.dylib'),
      win32: [],
    },
  },
];

/**
 * The well-known PKCS#11 modules that are installed here, at most one path per product.
 * @param exists tells whether a file is there.
 */
export function findModules(
  platform: NodeJS.Platform = process.platform,
  exists: (path: string) => boolean = existsSync,
): FoundModule[] {
  if (!isCovered(platform)) return [];
  return places.flatMap(({ name, paths, libraryParameters = null }) => {
    const path = paths[platform].find(exists);
    return path === undefined ? [] : [{ name, path, libraryParameters }];
  });
}

function isCovered(platform: NodeJS.Platform): platform is Platform {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32';
}
