import { posix } from 'node:path';
import { parseSync } from 'vite';

/** What the files of one area may import beside their own area. */
interface Area {
  /** Folder or file, relative to the project folder. */
  readonly path: string;
  /** Other areas of ours. */
  readonly areas: readonly string[] | 'all';
  /** Whether Node.js' own modules may be imported. */
  readonly node: boolean;
}

/** An import that the rules forbid. */
export interface ForbiddenImport {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The arrows of the house; the most specific path decides. */
export const areas: readonly Area[] = [
  { path: 'shared', areas: [], node: false },
  { path: 'renderer', areas: ['shared'], node: false },
  { path: 'electron/pki', areas: ['shared'], node: true },
  { path: 'electron/tls', areas: ['electron/pki', 'shared'], node: true },
  { path: 'electron/est', areas: ['electron/tls', 'electron/pki', 'shared'], node: true },
  {
    path: 'electron/keystore',
    areas: ['electron/pki', 'electron/private-folder.ts', 'shared'],
    node: true,
  },
  { path: 'electron/store', areas: ['electron/private-folder.ts', 'shared'], node: true },
  {
    path: 'electron/station',
    areas: ['electron/est', 'electron/keystore', 'electron/store', 'electron/pki', 'shared'],
    node: true,
  },
  {
    path: 'electron/practice',
    areas: ['electron/pki', 'electron/private-folder.ts', 'shared'],
    node: true,
  },
  { path: 'electron/ipc', areas: ['electron/station', 'shared'], node: true },
  { path: 'electron/cli', areas: ['electron/station', 'shared'], node: true },
  { path: 'electron/window', areas: ['shared'], node: true },
  {
    path: 'electron/desktop',
    areas: ['electron/ipc', 'electron/window', 'electron/keystore', 'shared'],
    node: true,
  },
  {
    path: 'electron/chromium',
    areas: [
      'electron/ipc',
      'electron/station',
      'electron/window',
      'electron/keystore',
      'electron/bridge.ts',
      'electron/private-folder.ts',
      'renderer/test-ids.ts',
      'shared',
    ],
    node: true,
  },
  { path: 'electron/bridge.ts', areas: ['shared'], node: false },
  { path: 'electron/preload.ts', areas: ['electron/bridge.ts', 'shared'], node: false },
  { path: 'electron/private-folder.ts', areas: [], node: true },
  { path: 'electron/version.ts', areas: [], node: true },
  { path: 'electron/compose.ts', areas: 'all', node: true },
  { path: 'electron/main.ts', areas: 'all', node: true },
  { path: 'electron/cli/main.ts', areas: 'all', node: true },
  { path: 'electron/chromium/main.ts', areas: 'all', node: true },
  { path: 'electron/chromium/start.ts', areas: 'all', node: true },
  { path: 'electron/chromium/demo.ts', areas: 'all', node: true },
  { path: 'build', areas: 'all', node: true },
  { path: 'test', areas: 'all', node: true },
];

/** npm packages that only these areas may import. */
const reservedPackages: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron/desktop', 'electron/main.ts', 'electron/preload.ts'],
  pkcs11js: ['electron/keystore/pkcs11'],
  'playwright-core': ['electron/chromium', 'test'],
  react: ['renderer'],
  'react-dom': ['renderer'],
  zustand: ['renderer'],
};

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/**
 * Finds the imports in one source file that its area may not have. Type-only imports count: an
 * arrow is an arrow. Tests may import every area.
 *
 * @param path of the file, relative to the project folder, with forward slashes
 * @param source TypeScript text
 */
export function forbiddenImports(path: string, source: string): ForbiddenImport[] {
  return importsOf(path, source).flatMap(({ specifier, start }) => {
    const message = objection(path, specifier);
    return message === null ? [] : [{ path, line: lineOf(source, start), message }];
  });
}

function objection(path: string, specifier: string): string | null {
  const area = areaOf(path);
  if (area === undefined) {
    return `no dependency rule covers this file: add its folder to build/dependency-rules.ts`;
  }
  if (specifier.startsWith('.')) {
    return objectionToOurs(path, area, posix.join(posix.dirname(path), specifier));
  }
  if (specifier.startsWith('node:')) {
    return area.node || isTest(path)
      ? null
      : `${area.path} runs without Node.js: it may not import '${specifier}'`;
  }
  return objectionToPackage(path, packageName(specifier));
}

function objectionToOurs(path: string, area: Area, target: string): string | null {
  const targetArea = areaOf(target);
  if (targetArea === undefined) {
    return /^[^/]+$/.test(target) ? null : `'${target}' lies outside the areas of the project`;
  }
  if (isTest(path) || area.areas === 'all' || within(target, area.path)) {
    return null;
  }
  return area.areas.some((allowed) => within(target, allowed))
    ? null
    : `${area.path} may not import ${targetArea.path} (allowed: ${listed(area.areas)})`;
}

function objectionToPackage(path: string, name: string): string | null {
  const owners = Object.hasOwn(reservedPackages, name) ? reservedPackages[name] : undefined;
  if (owners === undefined || owners.some((owner) => within(path, owner))) {
    return null;
  }
  return isTest(path) && name !== 'electron' ? null : `only ${listed(owners)} may import '${name}'`;
}

function areaOf(path: string): Area | undefined {
  const subject = path.replace(/\.test(\.tsx?)$/, '$1');
  return areas
    .filter((area) => within(subject, area.path))
    .reduce<Area | undefined>(
      (best, area) => (best === undefined || area.path.length > best.path.length ? area : best),
      undefined,
    );
}

function within(path: string, area: string): boolean {
  return path === area || path.startsWith(`${area}/`);
}

function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing of ours' : names.join(', ');
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

interface FoundImport {
  readonly specifier: string;
  readonly start: number;
}

/** Every module named by import, export-from, import(), import type and require in a file. */
function importsOf(path: string, source: string): FoundImport[] {
  const { program, errors } = parseSync(path, source);
  const [error] = errors;
  if (error !== undefined) {
    throw new SyntaxError(`${path}: ${error.message}`);
  }
  const found: FoundImport[] = [];
  visit(program, (node) => {
    const literal = moduleLiteral(node);
    if (isNode(literal) && typeof literal.value === 'string') {
      found.push({ specifier: literal.value, start: Number(node.start) });
    }
  });
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function moduleLiteral(node: Node): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return isNode(node.callee) && node.callee.name === 'require'
        ? Array.isArray(node.arguments) && node.arguments[0]
        : null;
    default:
      return null;
  }
}

function visit(value: unknown, onNode: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      visit(item, onNode);
    }
  } else if (isNode(value)) {
    if (typeof value.type === 'string') {
      onNode(value);
    }
    visit(Object.values(value), onNode);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
