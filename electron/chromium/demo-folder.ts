import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder } from '../private-folder.ts';

/** Where one demonstration keeps everything it makes. */
export interface DemoFolder {
  readonly root: string;
  /** The station's data folder: database and keystores. */
  readonly station: string;
  /** The practice server's authority. */
  readonly practice: string;
  /** Path of the SoftHSM2 configuration that leads to this demonstration's own tokens. */
  readonly tokenConfiguration: string;
  /** Path of a file in the folder. */
  file(name: string): string;
}

/**
 * Makes the folder, with an empty SoftHSM2 in it: one slot, whose token is blank.
 * @param root its path; a folder that already holds something is refused.
 * @throws Error when it cannot be made or is not empty.
 */
export async function makeDemoFolder(root: string): Promise<DemoFolder> {
  await makePrivateFolder(root);
  if ((await readdir(root)).length > 0) throw new Error(`the folder ${root} is not empty`);
  const file = (name: string) => path.join(root, name);
  const tokens = file('token');
  await mkdir(tokens, { mode: 0o700 });
  const tokenConfiguration = file('softhsm2.conf');
  const lines = [
    `directories.tokendir = ${tokens}`,
    'objectstore.backend = file',
    'log.level = ERROR',
    'slots.removable = false',
  ];
  await writeFile(tokenConfiguration, `${lines.join('\n')}\n`);
  return { root, station: file('station'), practice: file('practice'), tokenConfiguration, file };
}

/** `demo-20260521-143012`, from a time in UTC. */
export function demoFolderName(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `demo-${stamp}`;
}
