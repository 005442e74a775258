import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { discardFolder } from '../discard-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of one run share the built window. */
    readonly windowFolder: string;
  }
}

/** Makes room for the window, which the first test file that wants it builds for the others. */
export default async function windowFolder(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'est-station-window-'));
  project.provide('windowFolder', folder);
  return () => discardFolder(folder);
}
