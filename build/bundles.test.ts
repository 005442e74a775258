import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, parseSync, type UserConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import keystoreHost from './vite.keystore-host.config.ts';
import main from './vite.main.config.ts';
import preload from './vite.preload.config.ts';
import renderer from './vite.renderer.config.ts';

let folder = '';
let rendererFiles: ReadonlyMap<string, string>;
let preloadFiles: ReadonlyMap<string, string>;
let mainFiles: ReadonlyMap<string, string>;
let keystoreHostFiles: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  rendererFiles = await bundled('renderer', renderer);
  preloadFiles = await bundled('preload', preload);
  mainFiles = await bundled('main', main);
  keystoreHostFiles = await bundled('keystore-host', keystoreHost);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Bundles into a folder of its own and reads every file of text. */
async function bundled(name: string, configuration: UserConfig) {
  const outDir = join(folder, name);
  await build({
    ...configuration,
    configFile: false,
    build: { ...configuration.build, outDir, emptyOutDir: true },
  });
  const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(outDir.length + 1), await readFile(path, 'utf8'));
  }
  return files;
}

const scriptsOf = (files: ReadonlyMap<string, string>): string[] =>
  [...files].filter(([name]) => name.endsWith('.js')).map(([, content]) => content);

const importedModules = (script: string): string[] => {
  const { module } = parseSync('bundle.js', script);
  return module.staticImports.map((found) => found.moduleRequest.value);
};

const requiredModules = (script: string): string[] =>
  [...script.matchAll(/\brequire\((["'`])([^"'`]+)\1\)/g)].map(([, , name = '']) => name);

describe("the window's bundle", () => {
  it('has neither Node.js nor the PKCS#11 bridge nor Electron in it', () => {
    for (const script of scriptsOf(rendererFiles)) {
      expect(importedModules(script).filter((name) => !name.startsWith('.'))).toEqual([]);
      expect(requiredModules(script)).toEqual([]);
      expect(script).not.toMatch(/pkcs11js|node:(fs|crypto|child_process|net|tls)/);
    }
  });

  it('keeps to a policy without inline code', () => {
    const page = rendererFiles.get('index.html') ?? '';
    expect(page).toMatch(/<script type="module"[^>]* src="\.\/assets\//);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\son[a-z]+=|\sstyle=|javascript:|https?:/);
  });

  it('makes no code from strings, but for the probe that zod is told to leave out', () => {
    const scripts = scriptsOf(rendererFiles).join('\n');
    expect(scripts).not.toMatch(/\beval\s*\(/);
    expect(scripts).toMatch(/jitless:\s*(true|!0)/);
    const functions = scripts.match(/\bnew Function\b|[^.\w]Function\(/g) ?? [];
    expect(functions.length).toBeLessThanOrEqual(1);
  });

  it('inlines no asset and carries no source map', () => {
    for (const [name, content] of rendererFiles) {
      expect(name).not.toMatch(/\.map$/);
      expect(content).not.toMatch(/url\(["']?data:|sourceMappingURL=/);
    }
  });
});

describe('the preload script', () => {
  it('is one CommonJS file that needs nothing but Electron', () => {
    expect([...preloadFiles.keys()]).toEqual(['preload.cjs']);
    const script = preloadFiles.get('preload.cjs') ?? '';
    expect(requiredModules(script)).toEqual(['electron']);
    expect(importedModules(script)).toEqual([]);
  });
});

describe('the Node side', () => {
  it.each([
    ['main.js', () => mainFiles, /^(electron|node:[\w/]+)$/],
    ['keystore-host.js', () => keystoreHostFiles, /^(pkcs11js|node:[\w/]+)$/],
  ])('%s is one module with its packages inside', (name, files, allowed) => {
    expect([...files().keys()]).toEqual([name]);
    const imported = importedModules(files().get(name) ?? '');
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((module) => !allowed.test(module))).toEqual([]);
  });
});
