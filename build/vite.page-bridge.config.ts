import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The bridge of the Chromium window: one classic script, run before the page's own. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'warn',
  publicDir: false,
  build: {
    lib: {
      entry: 'electron/chromium/page-bridge.ts',
      formats: ['iife'],
      name: 'estStationBridge',
      fileName: () => 'page-bridge.js',
    },
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2024',
    minify: false,
    sourcemap: false,
    reportCompressedSize: false,
  },
});
