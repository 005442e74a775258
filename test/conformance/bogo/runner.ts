import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fetchSourcePackage } from './private-apt.ts';

const run = promisify(execFile);

/** Debian's copy of BoringSSL's sources, which hold BoGo, the conformance runner (ssl/test/PORTING.md there). */
const sourcePackage = 'android-platform-external-boringssl';
const importPath = 'boringssl.googlesource.com/boringssl';
const go = '/usr/lib/go-1.19/bin/go';
/** Go packages of Debian: golang.org/x/crypto. */
const debianGoPath = '/usr/share/gocode';
const minutes = 60_000;

/** A BoGo runner ready to run. */
export interface BogoRunner {
  readonly program: string;
  /** The folder with the runner's certificates and keys. */
  readonly resources: string;
  /** Debian's name of the sources it was built from. */
  readonly version: string;
}

/** What has to be installed, or null when everything is there. */
export function missingForRunner(): string | null {
  const needed = {
    'golang-1.19-go': go,
    'golang-golang-x-crypto-dev': join(debianGoPath, 'src/golang.org/x/crypto'),
    'apt-get': '/usr/bin/apt-get',
    'xz-utils': '/usr/bin/xz',
  };
  const missing = Object.entries(needed).filter(([, path]) => !existsSync(path));
  return missing.length === 0 ? null : missing.map(([name]) => name).join(', ');
}

/**
 * The runner, built on first use in a folder of the user's cache, never in the project.
 * @throws Error when the sources cannot be had or do not build.
 */
export async function bogoRunner(): Promise<BogoRunner> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'est-station');
  const home = join(cache, 'bogo');
  if (!existsSync(join(home, 'runner'))) await build(cache, home);
  const names = await readdir(home);
  const version = names.find((name) => name.endsWith('.dsc'))?.replace(/\.dsc$/, '');
  if (version === undefined) throw new Error(`no source package in ${home}`);
  return { program: join(home, 'runner'), resources: resourcesIn(home), version };
}

const resourcesIn = (home: string) => join(home, 'gopath/src', importPath, 'ssl/test/runner');

/** Builds aside and moves into place whole, so that a build cut off leaves nothing half done. */
async function build(cache: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, 'bogo-building-'));
  try {
    await fetchSourcePackage(sourcePackage, aside);
    await unpack(aside);
    await compile(aside);
    await rm(home, { recursive: true, force: true });
    await rename(aside, home);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function unpack(folder: string): Promise<void> {
  const archive = (await readdir(folder)).find((name) => name.endsWith('.orig.tar.xz'));
  if (archive === undefined) throw new Error(`no sources of ${sourcePackage} arrived`);
  const sources = join(folder, 'sources');
  await mkdir(sources);
  const wanted = ['*/src/ssl/test/runner', '*/src/util/testresult'];
  await run(
    'tar',
    ['-xJf', archive, '-C', 'sources', '--strip-components=1', '--wildcards', ...wanted],
    {
      cwd: folder,
      timeout: 5 * minutes,
    },
  );
  const link = join(folder, 'gopath/src', importPath);
  await mkdir(dirname(link), { recursive: true });
  await symlink('../../../sources/src', link);
}

async function compile(folder: string): Promise<void> {
  await run(go, ['test', '-c', '-o', join(folder, 'runner'), '.'], {
    cwd: resourcesIn(folder),
    timeout: 10 * minutes,
    maxBuffer: 1 << 24,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GO111MODULE: 'off',
      GOPATH: `${join(folder, 'gopath')}:${debianGoPath}`,
      GOCACHE: join(folder, 'gocache'),
      GOFLAGS: '',
    },
  });
}
