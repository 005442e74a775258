import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StationError } from '../../shared/errors/station-error.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { isBusy, storeError } from './sqlite-errors.ts';

export interface InstanceLock {
  /** Lets another window open. Calling it twice does nothing. */
  release(): Promise<void>;
}

/** An empty file beside the database; it stays, only the lock on it comes and goes. */
const lockFile = 'window.lock';

/**
 * Makes this process the only window on the data folder. The lock is SQLite's file lock, held by an
 * open transaction: the operating system drops it when the process ends in any way, so a crash
 * leaves nothing to clean up. The command line does not take it and may work beside the window.
 * @throws StationError STORE-05 when another window has it, STORE-01 or STORE-02 as for the database.
 */
export async function acquireInstanceLock(folder: string): Promise<InstanceLock> {
  const path = join(folder, lockFile);
  let database: DatabaseSync;
  try {
    await makePrivateFolder(folder);
    await (await open(path, 'a', 0o600)).close();
    database = new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw storeError(error, path);
  }
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    throw isBusy(error)
      ? new StationError('STORE-05', {}, { cause: error })
      : storeError(error, path);
  }
  return {
    release: async () => {
      if (database.isOpen) database.close();
    },
  };
}
