import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { discardFolder } from './discard-folder.ts';

const run = promisify(execFile);

const modulePaths = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm.so',
  '/usr/lib/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** A token made by SoftHSM's own tool, not by the code under test. */
export interface SoftHsmToken {
  readonly label: string;
  readonly serial: string;
  readonly pin: string;
  readonly soPin: string;
}

/** A SoftHSM2 with its own configuration and token folder, so that tests never meet each other. */
export interface SoftHsm {
  /** Path of the PKCS#11 module. */
  readonly module: string;
  /** Folder holding the configuration and the tokens. */
  readonly dir: string;
  /** Path of softhsm2.conf. */
  readonly conf: string;
  /** What the process that loads the module needs in its environment. */
  readonly env: { readonly SOFTHSM2_CONF: string };
  /** Initialises a token in a free slot with softhsm2-util. */
  makeToken(options?: { label?: string; pin?: string; soPin?: string }): Promise<SoftHsmToken>;
  /** Removes everything. */
  cleanup(): Promise<void>;
}

/** Makes an empty SoftHSM2 (one free slot) in a temporary folder. Throws when SoftHSM2 is not installed. */
export async function makeSoftHsm(): Promise<SoftHsm> {
  const module = modulePaths.find((path) => existsSync(path));
  if (module === undefined) throw new Error('SoftHSM2 is not installed (Debian: softhsm2)');
  const dir = await mkdtemp(join(tmpdir(), 'est-softhsm-'));
  const tokens = join(dir, 'tokens');
  const conf = join(dir, 'softhsm2.conf');
  await mkdir(tokens, { mode: 0o700 });
  await writeFile(
    conf,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`,
  );
  const env = { SOFTHSM2_CONF: conf };
  const util = (...args: string[]) =>
    run('softhsm2-util', args, { env: { ...process.env, ...env } }).then(({ stdout }) => stdout);

  return {
    module,
    dir,
    conf,
    env,
    async makeToken({ label = 'station', pin = '123456', soPin = '87654321' } = {}) {
      const before = serials(await util('--show-slots'));
      await util('--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', soPin);
      const serial = serials(await util('--show-slots')).find((made) => !before.includes(made));
      if (serial === undefined) throw new Error(`softhsm2-util made no token ${label}`);
      return { label, serial, pin, soPin };
    },
    cleanup: () => discardFolder(dir),
  };
}

function serials(slots: string): string[] {
  return [...slots.matchAll(/Serial number:[ \t]*(\S+)/g)].map(([, serial]) => serial ?? '');
}
