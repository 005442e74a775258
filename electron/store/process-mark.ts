import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFolder } from '../private-folder.ts';
import { isBusy, storeError } from './sqlite-errors.ts';

/** Milliseconds to wait for another process that only looks. */
const glanceMs = 250;

/**
 * Shows other processes on the same data folder that this one lives: a file of its own, locked by an open
 * SQLite transaction. The operating system drops the lock when the process ends in any way, so the mark of a
 * process that was killed needs no clock to be told from a living one's.
 */
export class ProcessMark {
  readonly id = randomUUID();
  readonly #folder: string;
  #lock: DatabaseSync | null = null;

  /** @param folder the data folder. */
  constructor(folder: string) {
    this.#folder = join(folder, 'processes');
  }

  /** Sets the mark; once set it stays until `remove` or the end of the process. @throws StationError STORE-… */
  async set(): Promise<void> {
    if (this.#lock !== null) return;
    const path = this.#path(this.id);
    try {
      await makePrivateFolder(this.#folder);
      const lock = new DatabaseSync(path, { timeout: glanceMs });
      this.#lock = lock;
      lock.exec('begin exclusive');
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** Whether the process that set the mark `id` still lives. Removes the mark of one that does not. */
  isAlive(id: string): boolean {
    if (id === this.id) return true;
    const path = this.#path(id);
    if (!existsSync(path)) return false;
    let other: DatabaseSync | null = null;
    try {
      other = new DatabaseSync(path, { timeout: glanceMs });
      other.exec('begin exclusive');
      rmSync(path, { force: true });
      return false;
    } catch (error) {
      if (isBusy(error)) return true;
      throw storeError(error, path);
    } finally {
      other?.close();
    }
  }

  remove(): void {
    if (this.#lock === null) return;
    rmSync(this.#path(this.id), { force: true });
    this.#lock.close();
    this.#lock = null;
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.lock`);
  }
}
