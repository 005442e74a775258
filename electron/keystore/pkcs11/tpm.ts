import type { KeyParameterSet } from '../../../shared/profile.ts';
import type { Module } from './module.ts';

/**
 * True for tpm2-pkcs11, whose release 1.9 has habits to be known: it takes CKA_VERIFY and CKA_ENCRYPT for uses of the
 * private half, and signs with CKM_RSA_PKCS by decrypting, which a key for signing must not do.
 */
export function isTpm2Pkcs11(module: Module): boolean {
  const told = known.get(module);
  if (told !== undefined) return told;
  const is = module.lib.C_GetInfo().libraryDescription.trim() === 'TPM2.0 Cryptoki';
  known.set(module, is);
  return is;
}

/** A loaded library does not become another. */
const known = new WeakMap<Module, boolean>();

/** True for keys that tpm2-pkcs11 makes and then cannot sign with. */
export function isUselessOnTpm(module: Module, set: KeyParameterSet): boolean {
  return set === 'secp521r1' && isTpm2Pkcs11(module);
}
