import { writeFile } from 'node:fs/promises';
import { StationError } from '../../shared/errors/station-error.ts';

/**
 * Writes a file, never over another one.
 * @param mode of the file; 0600 for what only its owner may read.
 * @throws StationError USAGE-01
 */
export async function writeNewFile(file: string, content: Uint8Array, mode = 0o644): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', mode });
  } catch (error) {
    const detail = `The file cannot be written: ${error instanceof Error ? error.message : error}`;
    throw new StationError('USAGE-01', { detail }, { cause: error });
  }
}
