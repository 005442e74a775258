interface WellKnownModule {
  readonly name: string;
  readonly path: string;
}

/** Where the packages of each system put their PKCS#11 modules. */
const modules: Readonly<Record<'linux' | 'windows' | 'mac', readonly WellKnownModule[]>> = {
  linux: [
    { name: 'SoftHSM', path: '/usr/lib/softhsm/libsofthsm2.so' },
    { name: 'OpenSC', path: '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so' },
    { name: 'YubiKey', path: '/usr/lib/x86_64-linux-gnu/libykcs11.so' },
  ],
  windows: [
    {
      name: 'OpenSC',
      path: 'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll',
    },
    { name: 'YubiKey', path: 'C:\\Program Files\\Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll' },
    { name: 'SoftHSM', path: 'C:\\SoftHSM2\\lib\\softhsm2-x64.dll' },
  ],
  mac: [
    { name: 'OpenSC', path: '/Library/OpenSC/lib/opensc-pkcs11.so' },
    { name: 'YubiKey', path: '/usr/local/lib/libykcs11.dylib' },
    { name: 'SoftHSM', path: '/opt/homebrew/lib/softhsm/libsofthsm2.so' },
  ],
};

/** Suggestions for the module field; the path decides, not the suggestion. */
export function wellKnownModules(): readonly WellKnownModule[] {
  const { userAgent } = navigator;
  if (userAgent.includes('Windows')) return modules.windows;
  return userAgent.includes('Mac OS') ? modules.mac : modules.linux;
}
