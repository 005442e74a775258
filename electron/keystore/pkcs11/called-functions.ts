import type pkcs11js from 'pkcs11js';

/** Functions that change a token, or wait for it, by what pkcs11js calls them; signing is left out, for its time counts. */
const told = {
  C_Initialize: 'C_Initialize',
  C_OpenSession: 'C_OpenSession',
  C_Login: 'C_Login',
  C_FindObjectsInit: 'C_FindObjectsInit',
  C_GenerateKey: 'C_GenerateKey',
  C_GenerateKeyPairAsync: 'C_GenerateKeyPair',
  C_UnwrapKey: 'C_UnwrapKey',
  C_CreateObject: 'C_CreateObject',
  C_SetAttributeValue: 'C_SetAttributeValue',
  C_DestroyObject: 'C_DestroyObject',
  C_InitToken: 'C_InitToken',
  C_InitPIN: 'C_InitPIN',
  C_SetPIN: 'C_SetPIN',
} as const satisfies Partial<Record<keyof pkcs11js.PKCS11, string>>;

/** Has each of these functions of `lib` told, by its name in PKCS#11, before it is called: it may never come back. */
export function tellFunctions(lib: pkcs11js.PKCS11, tell: (name: string) => void): void {
  for (const [member, name] of Object.entries(told)) {
    const call: unknown = Reflect.get(lib, member);
    if (typeof call !== 'function') continue;
    Reflect.set(lib, member, (...given: unknown[]): unknown => {
      tell(name);
      return Reflect.apply(call, lib, given);
    });
  }
}
