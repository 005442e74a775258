import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFolder } from '../private-folder.ts';
import { isBusy } from './sqlite-errors.ts';

export interface FileLock {
  /** Lets another have it. Calling it twice does nothing. */
  release(): void;
}

/**
 * Takes the lock on a file, which is made when missing and stays. It is SQLite's file lock, held by an open
 * transaction: the operating system drops it when the process ends in any way, so a crash leaves nothing to clean up.
 * @returns null when somebody has it, in this process or another.
 * @throws the file system's error, or SQLite's
 */
export async function takeFileLock(path: string): Promise<FileLock | null> {
  await makePrivateFolder(dirname(path));
  await (await open(path, 'a', 0o600)).close();
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}
