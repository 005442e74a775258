import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { screenPresent } from './display.ts';
import { findElectron } from './electron-program.ts';
import { chromiumSandbox } from './sandbox.ts';

describe('a screen', () => {
  it.each<[NodeJS.Platform, Record<string, string>, boolean]>([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ])('on %s with %j: %s', (platform, environment, present) => {
    expect(screenPresent(platform, environment)).toBe(present);
  });
});

describe('Chromium’s sandbox', () => {
  it.each<[string, number | null, Record<string, string>, boolean, number]>([
    ['is used by an ordinary account', 1000, {}, true, 0],
    ['is used where there are no user ids', null, {}, true, 0],
    ['is off for root, aloud', 0, {}, false, 1],
    ['is off when told so, aloud', 1000, { EST_STATION_CHROMIUM_SANDBOX: 'off' }, false, 1],
  ])('%s', (_name, userId, environment, used, said) => {
    const lines: string[] = [];
    expect(chromiumSandbox((line) => lines.push(line), environment, userId)).toBe(used);
    expect(lines).toHaveLength(said);
  });
});

describe('the search for Electron', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'electron-package-'));
    await mkdir(path.join(folder, 'full', 'dist'), { recursive: true });
    await writeFile(path.join(folder, 'full', 'path.txt'), 'electron.exe');
    await writeFile(path.join(folder, 'full', 'dist', 'electron.exe'), '');
    await mkdir(path.join(folder, 'empty'));
    await mkdir(path.join(folder, 'elsewhere'));
    await writeFile(path.join(folder, 'elsewhere', 'electron'), '');
  });

  afterAll(() => discardFolder(folder));

  it('finds the program its package brought', () => {
    const found = findElectron({}, path.join(folder, 'full'));
    expect(found).toBe(path.join(folder, 'full', 'dist', 'electron.exe'));
  });

  it('finds the program the environment names', () => {
    const elsewhere = path.join(folder, 'elsewhere');
    const found = findElectron(
      { ELECTRON_OVERRIDE_DIST_PATH: elsewhere },
      path.join(folder, 'empty'),
    );
    expect(found).toBe(path.join(elsewhere, 'electron'));
  });

  it('finds nothing where the package brought no program', () => {
    expect(findElectron({}, path.join(folder, 'empty'))).toBeNull();
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder }, folder)).toBeNull();
  });
});
