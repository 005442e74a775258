import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { demoFolderName, makeDemoFolder } from './demo-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'demo-folder-'));
});
afterAll(() => discardFolder(folder));

describe('the folder of a demonstration', () => {
  it('holds a SoftHSM2 of its own, closed to others', async () => {
    const made = await makeDemoFolder(path.join(folder, 'new', 'demo'));
    const configuration = await readFile(made.tokenConfiguration, 'utf8');
    expect(configuration).toContain(`directories.tokendir = ${made.root}/token\n`);
    expect((await stat(path.join(made.root, 'token'))).mode & 0o077).toBe(0);
  });

  it('is never one that holds something already', async () => {
    await writeFile(path.join(folder, 'kept'), '');
    await expect(makeDemoFolder(folder)).rejects.toThrow('not empty');
  });

  it('is named after the time it was made', () => {
    expect(demoFolderName(new Date('2026-05-21T14:30:12.345Z'))).toBe('demo-20260521-143012');
  });
});
