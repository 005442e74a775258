import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

/** The npm package `electron`, which may or may not have brought its program. */
const electronPackage = path.join(import.meta.dirname, '..', '..', 'node_modules', 'electron');

/**
 * The Electron program of this installation, or the one `ELECTRON_OVERRIDE_DIST_PATH` names.
 * @param folder of the npm package `electron`.
 * @returns its path, or null when it is not on the disk.
 */
export function findElectron(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder: string = electronPackage,
): string | null {
  const pathFile = path.join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const own = environment.ELECTRON_OVERRIDE_DIST_PATH || path.join(folder, 'dist');
  const program = path.join(own, name);
  return existsSync(program) ? program : null;
}

/** Where Electron's program is downloaded from, unless a mirror is set. */
const downloadHost = 'github.com';
const reachMs = 3000;
const fetchMs = 180_000;

/**
 * Lets Electron's own installer fetch its program, if the server answers within 3 s; the download
 * itself may take 3 minutes.
 * @returns null when the program is there now, else why not.
 */
export async function fetchElectron(say: (line: string) => void): Promise<string | null> {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? '';
  const { hostname, port } = URL.canParse(mirror)
    ? new URL(mirror)
    : { hostname: downloadHost, port: '' };
  if (!(await reachable(hostname, port === '' ? 443 : Number(port)))) {
    return `${hostname}, where it is downloaded from, does not answer`;
  }
  say(`fetching the Electron program from ${hostname} (once, about 120 MB)`);
  const failure = await runInstaller();
  if (failure !== null) return failure;
  return findElectron() === null ? 'its installer brought no program' : null;
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(reachMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

function runInstaller(): Promise<string | null> {
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [path.join(electronPackage, 'install.js')], {
      stdio: 'ignore',
      timeout: fetchMs,
    });
    installer.once('error', (error) => resolve(error.message));
    installer.once('exit', (code, signal) => {
      if (code === 0) resolve(null);
      else if (signal !== null)
        resolve(`its download took longer than ${fetchMs / 60_000} minutes`);
      else resolve(`its installer failed with exit code ${code}`);
    });
  });
}
