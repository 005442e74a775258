import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import './assert-node.mjs';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['{electron,shared,renderer,build,test}/**/*.test.{ts,tsx}'],
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
