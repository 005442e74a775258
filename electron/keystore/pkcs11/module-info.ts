import type { Module } from './module.ts';
import { trim } from './slot.ts';

/** CK_INFO in words. */
interface ModuleInfo {
  readonly manufacturer: string;
  readonly library: string;
  readonly version: string;
  readonly cryptoki: string;
}

/** Reads what the module says of itself. */
export function readModuleInfo({ lib }: Module): ModuleInfo {
  const info = lib.C_GetInfo();
  return {
    manufacturer: trim(info.manufacturerID, 32),
    library: trim(info.libraryDescription, 32),
    version: versionText(info.libraryVersion),
    cryptoki: versionText(info.cryptokiVersion),
  };
}

/** CK_VERSION: the minor number counts hundredths (PKCS#11 v2.40 §3.1), though many count it by itself. */
export function versionText({
  major,
  minor,
}: {
  readonly major: number;
  readonly minor: number;
}): string {
  return `${major}.${minor}`;
}
