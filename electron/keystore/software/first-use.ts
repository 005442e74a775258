import { readdir } from 'node:fs/promises';
import {
  createSoftwareKeystore,
  openSoftwareKeystore,
  type SoftwareKeystore,
  type SoftwareKeystoreLocation,
} from './software-keystore.ts';

/**
 * Opens the keystore in the folder, or makes it there when the folder is missing or empty: its first
 * passphrase is then the keystore's.
 * @throws StationError KEYSTORE-01, PIN-07
 */
export async function openSoftwareKeystoreForWork(
  location: SoftwareKeystoreLocation,
): Promise<SoftwareKeystore> {
  return (await isVacant(location.path))
    ? await createSoftwareKeystore(location)
    : await openSoftwareKeystore(location);
}

async function isVacant(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
