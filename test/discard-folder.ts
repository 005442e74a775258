import { rm } from 'node:fs/promises';

/**
 * Removes what a test worked in. A process that the test has ended may still be writing its last file
 * there (ENOTEMPTY): it is given two seconds.
 */
export async function discardFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
}
