import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './setup/project.mjs';

/** What concerns us of a package's entry in package-lock.json. */
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type LockedPackages = Readonly<Record<string, LockEntry>>;

const systems = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(
  ' ',
);
const processors = ['arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Entries that the lock file's own packages name as optional and that it lacks, by path. */
export function missingOptionalPackages(packages: LockedPackages): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isLocked(packages, path, name)) {
        missing[`node_modules/${name}`] = placeholder(name, version, entry);
      }
    }
  }
  return missing;
}

/** npm looks for a dependency in the folder of each package on the way up. */
function isLocked(packages: LockedPackages, path: string, name: string): boolean {
  const steps = path === '' ? [] : path.split(/\/?node_modules\//).slice(1);
  for (let depth = steps.length; depth >= 0; depth -= 1) {
    const folder = steps.slice(0, depth).map((step) => `node_modules/${step}/`);
    if (`${folder.join('')}node_modules/${name}` in packages) {
      return true;
    }
  }
  return false;
}

function placeholder(name: string, version: string, parent: LockEntry): LockEntry {
  if (!/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}: only an exact version can be completed, not "${version}"`);
  }
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const arm = words.some((word) => /^arm(v7)?$/.test(word)) ? ['arm'] : [];
  const cpu = [...processors.filter((processor) => words.includes(processor)), ...arm];
  const libc = words.some((word) => word.startsWith('musl'))
    ? { libc: ['musl'] }
    : words.some((word) => word.startsWith('gnu'))
      ? { libc: ['glibc'] }
      : {};
  if (os.length !== 1 || cpu.length !== 1) {
    throw new Error(`${name}: its name does not tell its platform`);
  }
  return { version, cpu, ...(parent.dev ? { dev: true } : {}), ...libc, optional: true, os };
}

/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out because the
 * registry in use did not offer them. `npm ci` refuses a lock file without them. Run it after
 * installing or upgrading a package: `node build/complete-lock.ts`; `--check` only looks.
 */
function main(checkOnly: boolean): number {
  const path = join(projectFolder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingOptionalPackages(lock.packages);
  const names = Object.keys(missing);
  if (names.length === 0) {
    return 0;
  }
  process.stderr.write(`package-lock.json lacks ${names.length}: ${names.join(' ')}\n`);
  if (checkOnly) {
    process.stderr.write('run: node build/complete-lock.ts\n');
    return 1;
  }
  const { '': root, ...rest } = { ...lock.packages, ...missing };
  const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  return 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = main(process.argv.includes('--check'));
}
