import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

/**
 * Vite configuration that bundles one entry of the Node side into one ES module in `dist/`, with
 * every package inside except Electron itself and the compiled PKCS#11 bridge.
 *
 * @param entry source file, relative to the project folder
 * @param fileName name of the bundle in `dist/`
 */
export function nodeBundle(entry: string, fileName: string): UserConfig {
  return defineConfig({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['electron', 'pkcs11js'], target: 'node' },
    build: {
      ssr: entry,
      outDir: 'dist',
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: false,
      reportCompressedSize: false,
      rolldownOptions: {
        output: { format: 'es', entryFileNames: fileName, codeSplitting: false },
      },
    },
  });
}
