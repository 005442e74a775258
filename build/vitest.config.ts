import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import './assert-node.mjs';

/** Folders whose tests change nothing of the process they run in: their files share one, and load it once. */
const sharing = ['{shared,renderer}/**/*.test.{ts,tsx}', 'electron/{pki,est}/**/*.test.ts'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    projects: [
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['{electron,build,test}/**/*.test.ts'],
          exclude: sharing,
        },
      },
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/e2e/window-folder.ts'],
    pool: 'forks',
    // Most of the long tests wait for other processes most of the time.
    maxWorkers: 3,
    // A poll waits for something that happens: on a busy machine later.
    expect: { poll: { timeout: 30_000 } },
  },
});
