import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { discardFolder } from './discard-folder.ts';

/** A folder that is new for each test of the file, or of the group that asks for it, and gone after it. */
export function folderOfEachTest(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'est-station-test-'));
  });
  afterEach(() => discardFolder(folder.path));
  return folder;
}
