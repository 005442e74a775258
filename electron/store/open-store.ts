import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../private-folder.ts';
import { openAudit } from './audit.ts';
import { StationDatabase } from './database.ts';
import { openEnrollmentStore } from './enrollments.ts';
import { openJournal } from './journal.ts';
import { isCurrent, migrate } from './migrations.ts';
import { ProcessMark } from './process-mark.ts';
import { openProfileStore } from './profiles.ts';
import { openRevocationLists } from './revocation-lists.ts';
import { openRunningEnrollments } from './running.ts';
import { storeError } from './sqlite-errors.ts';
import type { Store } from './store.ts';
import { openTrustStore } from './trust.ts';

/** The database file in the data folder. */
export const databaseFile = 'station.db';

/** Milliseconds a task waits for another process's lock before it fails with STORE-06. */
const defaultPatience = 10_000;

export interface OpenOptions {
  readonly patienceMs?: number;
}

/**
 * Opens the station's database in `folder` (made with mode 0700 when it is not there, its files
 * with 0600). Several processes may have it open.
 * @throws StationError STORE-01 not writable, STORE-02 disk full, STORE-03 damaged (the file is
 * left as it is), STORE-06 in use for too long, STORE-07 of a newer version.
 */
export async function openStore(folder: string, options: OpenOptions = {}): Promise<Store> {
  const path = join(folder, databaseFile);
  await prepare(folder, path);
  const database = await StationDatabase.open(path, options.patienceMs ?? defaultPatience);
  try {
    if (!(await isCurrent(database.queries, path))) {
      await database.write('durable', async (transaction) => await migrate(transaction, path));
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  const mark = new ProcessMark(folder);
  return {
    journal: openJournal(database),
    audit: openAudit(database),
    trust: openTrustStore(database),
    revocationLists: openRevocationLists(database),
    profiles: openProfileStore(database),
    enrollments: openEnrollmentStore(database),
    running: openRunningEnrollments(database, mark),
    close: async () => {
      mark.remove();
      await database.close();
    },
  };
}

/** Makes folder and file with tight permissions; SQLite gives the file's to those beside it. */
async function prepare(folder: string, path: string): Promise<void> {
  try {
    await makePrivateFolder(folder);
    await (await open(path, 'a', 0o600)).close();
  } catch (error) {
    throw storeError(error, path);
  }
}
