import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import keystoreHost from './vite.keystore-host.config.ts';
import main from './vite.main.config.ts';
import pageBridge from './vite.page-bridge.config.ts';
import preload from './vite.preload.config.ts';
import renderer from './vite.renderer.config.ts';

/** Everything a bundle can depend on, relative to the project folder. */
const inputs = ['renderer/**/*', 'shared/**/*', 'electron/**/*', 'build/*.ts', 'package-lock.json'];

const project = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${project}dist/.inputs`;

const configurations = {
  renderer,
  main,
  preload,
  'page-bridge': pageBridge,
  'keystore-host': keystoreHost,
};

const quiet = process.argv.includes('--quiet');
const digest = inputsDigest();
if (stampedDigest() === digest) {
  report('bundles are up to date');
} else {
  for (const [name, configuration] of Object.entries(configurations)) {
    const started = Date.now();
    await build({ ...configuration, configFile: false }).catch((error: Error) => {
      process.stderr.write(`${name} could not be bundled: ${error.message}\n`);
      process.exit(1);
    });
    report(`bundled ${name} (${Date.now() - started} ms)`);
  }
  mkdirSync(`${project}dist`, { recursive: true });
  writeFileSync(stamp, digest);
}

function report(line: string): void {
  if (!quiet) {
    process.stderr.write(`${line}\n`);
  }
}

function stampedDigest(): string | null {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return null;
  }
}

/** SHA-256 over names, sizes and times of all inputs. */
function inputsDigest(): string {
  const hash = createHash('sha256');
  for (const path of globSync(inputs, { cwd: project }).sort()) {
    const { size, mtimeMs } = statSync(`${project}${path}`);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
