import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../private-folder.ts';
import { writeAtomically } from './atomic-file.ts';
import { storeError } from './sqlite-errors.ts';

/** No sealed secret of the station is larger; octets. */
const mostBytes = 65_536;

/** Files of the data folder whose content somebody else has encrypted. */
export class SealedFiles {
  readonly #folder: string;

  /** @param folder the data folder. */
  constructor(folder: string) {
    this.#folder = join(folder, 'secrets');
  }

  /** The content; null when there is none. @throws StationError STORE-01 */
  async read(name: string): Promise<Buffer | null> {
    const path = this.#path(name);
    try {
      return (await stat(path)).size > mostBytes ? null : await readFile(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw storeError(error, path);
    }
  }

  /** Writes the whole of it, readable by this account alone, or nothing. @throws StationError STORE-01, STORE-02 */
  async write(name: string, content: Uint8Array): Promise<void> {
    const path = this.#path(name);
    try {
      await makePrivateFolder(this.#folder);
      await writeAtomically(path, content, 'replace');
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** What is not there needs no removing. @throws StationError STORE-01 */
  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw storeError(error, path);
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.sealed`);
  }
}
