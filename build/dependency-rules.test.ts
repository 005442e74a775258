import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areas, forbiddenImports } from './dependency-rules.ts';

const folders = areas.filter((area) => !area.path.endsWith('.ts'));
const sourceIn = (folder: string): string => `${folder}/example.ts`;

/** A specifier that leads from one folder's example to another's. */
const leading = (from: string, to: string): string => {
  const relative = posix.relative(from, sourceIn(to));
  return relative.startsWith('.') ? relative : `./${relative}`;
};

const pairs = folders.flatMap((from) =>
  folders.filter((to) => to !== from).map((to) => ({ from, to })),
);
const mayImport = ({ from, to }: (typeof pairs)[number]): boolean =>
  from.areas === 'all' || from.areas.includes(to.path);

describe('dependency rules between folders', () => {
  it('cover allowed and forbidden pairs alike', () => {
    expect(pairs.filter(mayImport).length).toBeGreaterThan(20);
    expect(pairs.filter((pair) => !mayImport(pair)).length).toBeGreaterThan(100);
  });

  it.each(pairs.filter((pair) => !mayImport(pair)))(
    '$from.path may not import $to.path',
    ({ from, to }) => {
      const specifier = leading(from.path, to.path);
      const forms = [
        `import { a } from '${specifier}';`,
        `import type { A } from '${specifier}';`,
        `export { a } from '${specifier}';`,
        `export * from '${specifier}';`,
        `const a = await import('${specifier}');`,
        `type A = import('${specifier}').A;`,
        `const a = require('${specifier}');`,
      ];
      for (const form of forms) {
        expect(forbiddenImports(sourceIn(from.path), form), form).toHaveLength(1);
      }
    },
  );

  it.each(pairs.filter(mayImport))('$from.path may import $to.path', ({ from, to }) => {
    const source = `import { a } from '${leading(from.path, to.path)}';`;
    expect(forbiddenImports(sourceIn(from.path), source)).toEqual([]);
  });
});

describe('dependency rules for single imports', () => {
  it.each([
    ['electron/est/enroll.ts', 'electron', 'only electron/desktop'],
    ['electron/est/enroll.test.ts', 'electron', 'only electron/desktop'],
    ['electron/ipc/gate.ts', 'electron/main', 'only electron/desktop'],
    ['electron/station/enroll.ts', 'pkcs11js', 'only electron/keystore/pkcs11'],
    ['electron/keystore/software/open.ts', 'pkcs11js', 'only electron/keystore/pkcs11'],
    ['electron/cli/main.ts', 'react', 'only renderer'],
    ['electron/desktop/window.ts', 'playwright-core', 'only electron/chromium'],
    ['shared/pop.ts', 'node:crypto', 'without Node.js'],
    ['renderer/main.tsx', 'node:fs', 'without Node.js'],
    ['electron/preload.ts', 'node:path', 'without Node.js'],
    ['electron/preload.ts', './ipc/gate.ts', 'may not import electron/ipc'],
    ['electron/est/enroll.ts', './../station/enroll.ts', 'may not import electron/station'],
    ['renderer/screens/pin.tsx', '../../electron/main.ts', 'may not import electron/main.ts'],
    ['electron/unknown/a.ts', 'zod', 'no dependency rule covers this file'],
    ['electron/est/enroll.ts', '../../scripts/a.ts', 'outside the areas'],
  ])('%s may not import %s', (path, specifier, reason) => {
    const [violation, ...others] = forbiddenImports(path, `\nimport '${specifier}';`);
    expect(violation?.message).toContain(reason);
    expect(violation?.line).toBe(2);
    expect(others).toEqual([]);
  });

  it.each([
    ['electron/desktop/window.ts', 'electron'],
    ['electron/main.ts', 'electron'],
    ['electron/preload.ts', 'electron'],
    ['electron/keystore/pkcs11/module.ts', 'pkcs11js'],
    ['electron/est/enroll.test.ts', '../practice/practice.ts'],
    ['shared/pop.test.ts', 'node:fs'],
    ['electron/version.ts', '../package.json'],
    ['electron/compose.ts', './practice/practice.ts'],
    ['renderer/main.tsx', 'react-dom/client'],
  ])('%s may import %s', (path, specifier) => {
    expect(forbiddenImports(path, `import '${specifier}';`)).toEqual([]);
  });

  it('refuses a file that it cannot read', () => {
    expect(() => forbiddenImports('shared/a.ts', 'import {')).toThrow(SyntaxError);
  });
});
