import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes `folder` and what is missing above it, readable by this account alone (0700), and has each
 * entry on the disk. A folder that is there already keeps its permissions: it may be shared.
 *
 * Node's own recursive mkdir never ends in a folder that answers ENOENT to every mkdir, as /proc does.
 * @throws the file system's error
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makePrivateFolder(parent);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was quicker.
    if (await isFolder(folder)) return;
    throw error;
  }
  await syncFolder(parent);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** A new entry is on the disk only once its folder is; Windows has no fsync of folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
