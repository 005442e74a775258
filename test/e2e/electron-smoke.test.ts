import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screenPresent } from '../../electron/chromium/display.ts';
import { findElectron } from '../../electron/chromium/electron-program.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../../electron/chromium/xvfb.ts';
import type { StationApi } from '../../shared/contract/station-api.ts';
import { discardFolder } from '../discard-folder.ts';

declare const window: { readonly station: StationApi; readonly process: unknown };

const project = path.join(import.meta.dirname, '..', '..');
const program = findElectron();
if (program === null) {
  process.stderr.write(
    'NOT RUN: the Electron smoke test. No Electron program is on this machine; run\n' +
      '"npx install-electron --no", or name its folder in ELECTRON_OVERRIDE_DIST_PATH.\n',
  );
}

describe.skipIf(program === null)('the station under Electron', () => {
  let home = '';
  let display: VirtualDisplay | null = null;
  let app: ElectronApplication;

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'electron-smoke-'));
    await promisify(execFile)(process.execPath, ['build/bundle.ts', '--quiet'], { cwd: project });
    display = screenPresent() ? null : await startVirtualDisplay();
    app = await _electron.launch({
      executablePath: program ?? '',
      cwd: project,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), project],
      env: { ...definedEnvironment(), ...display?.environment, EST_STATION_HOME: home },
    });
  });

  afterAll(async () => {
    await app?.close();
    await display?.stop();
    await discardFolder(home);
  });

  it('shows its page on its own origin, isolated from Node, with the bridge alone', async () => {
    const page = await app.firstWindow();
    expect(page.url()).toBe('est-station://app/');
    expect(await page.evaluate(() => typeof window.process)).toBe('undefined');
    expect(await page.evaluate(() => Object.keys(window.station).sort())).toEqual([
      'command',
      'subscribe',
    ]);
  });

  it('answers through preload and gate', async () => {
    const page = await app.firstWindow();
    const reply = await page.evaluate(() => window.station.command('station.describe', {}));
    expect(reply).toMatchObject({ ok: true, value: { host: 'electron', dataFolder: home } });
  });

  it('loads modules in a process of its own', async () => {
    const page = await app.firstWindow();
    const reply = await page.evaluate(() =>
      window.station.command('tokens.list', { module: '/nowhere/libp11.so' }),
    );
    expect(reply).toMatchObject({ ok: false });
    expect(JSON.stringify(reply)).toMatch(/MODULE-/);
  });
});

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
