import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The window and the fake station as Chromium loads them, built by whichever test file of a run comes first.
 * @returns the folder with `window/` and `fake/fake.js`.
 */
export async function builtWindow(): Promise<string> {
  const folder = inject('windowFolder');
  if (await first(folder)) {
    await buildBoth(folder).then(
      () => writeFile(join(folder, 'built'), ''),
      async (error: unknown) => {
        await writeFile(join(folder, 'failed'), '');
        throw error;
      },
    );
    return folder;
  }
  while (!(await exists(join(folder, 'built')))) {
    if (await exists(join(folder, 'failed'))) throw new Error('the window could not be built');
    await wait(100);
  }
  return folder;
}

/** Only one of the test files that run at once makes the mark. */
async function first(folder: string): Promise<boolean> {
  return await mkdir(join(folder, 'begun')).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function buildBoth(folder: string): Promise<void> {
  await build({
    configFile: join(root, 'build/vite.renderer.config.ts'),
    build: { outDir: join(folder, 'window'), emptyOutDir: true },
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: join(folder, 'fake'),
      emptyOutDir: true,
      reportCompressedSize: false,
      lib: {
        entry: join(root, 'renderer/fake-station.ts'),
        name: 'fake',
        formats: ['iife'],
        fileName: () => 'fake.js',
      },
    },
  });
}
