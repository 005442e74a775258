import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file that only its owner can read, so that a power cut leaves the whole of it or what was there before:
 * beside, synced, then moved into place.
 * @param existing `refuse` fails with EEXIST when there is a file already.
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array,
  existing: 'refuse' | 'replace',
): Promise<void> {
  const beside = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (existing === 'refuse') await link(beside, path);
    else await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Makes the name durable; Windows cannot open a folder and does without. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
