import { join } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import { type FileLock, takeFileLock } from './file-lock.ts';
import { storeError } from './sqlite-errors.ts';

export interface InstanceLock {
  /** Lets another window open. Calling it twice does nothing. */
  release(): Promise<void>;
}

/** An empty file beside the database; it stays, only the lock on it comes and goes. */
const lockFile = 'window.lock';

/**
 * Makes this process the only window on the data folder. The command line does not take the lock and may work beside
 * the window.
 * @throws StationError STORE-05 when another window has it, STORE-01 or STORE-02 as for the database.
 */
export async function acquireInstanceLock(folder: string): Promise<InstanceLock> {
  const path = join(folder, lockFile);
  let lock: FileLock | null;
  try {
    lock = await takeFileLock(path);
  } catch (error) {
    throw storeError(error, path);
  }
  if (lock === null) throw new StationError('STORE-05');
  return { release: async () => lock.release() };
}
