import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../electron/chromium/chromium-programs.ts';
import { openChromiumStation } from '../../electron/chromium/main.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../../electron/chromium/xvfb.ts';
import { discardFolder } from '../discard-folder.ts';

const project = path.join(import.meta.dirname, '..', '..');

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs `npm start`'s program until it ends. */
function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signalAfter: string | null = null,
): Promise<Ended> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...inherited } = process.env;
  const child = spawn(process.execPath, ['electron/chromium/start.ts', ...args], {
    cwd: project,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const before = stderr;
    stderr += text;
    const now = signalAfter !== null && stderr.includes(signalAfter);
    if (now && !before.includes(signalAfter)) child.kill('SIGTERM');
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

describe('the station window', () => {
  let home = '';
  let display: VirtualDisplay;

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'window-lifecycle-'));
    await promisify(execFile)(process.execPath, ['build/bundle.ts', '--quiet'], { cwd: project });
    display = await startVirtualDisplay();
  });

  afterAll(async () => {
    await display?.stop();
    await discardFolder(home);
  });

  const open = (folder: string) =>
    openChromiumStation({
      env: { ...process.env, EST_STATION_HOME: folder },
      program: findChromium() ?? '',
      sandbox: process.getuid?.() !== 0,
      practice: null,
      display: display.environment,
      viewport: null,
      log: () => {},
    });

  it('is the only one on its data folder; a second start says so and leaves the first alone', async () => {
    const folder = path.join(home, 'once');
    const first = await open(folder);
    try {
      const second = await start(['--host', 'chromium'], {
        ...display.environment,
        EST_STATION_HOME: folder,
      });
      expect(second.code, second.stderr).toBe(1);
      expect(second.stderr).toContain('STORE-05');
      expect(first.window.page.isClosed()).toBe(false);
    } finally {
      await first.close();
    }
    const next = await open(folder);
    await next.close();
  });

  it('closes with everything behind it on a signal', async () => {
    const folder = path.join(home, 'signal');
    const ended = await start(
      ['--host', 'chromium'],
      { ...display.environment, EST_STATION_HOME: folder },
      'the window is open',
    );
    expect(ended.code, ended.stderr).toBe(130);
    const next = await open(folder);
    await next.close();
  });

  it('closes on a signal that comes while it is still opening', async () => {
    const folder = path.join(home, 'early');
    const ended = await start(
      ['--host', 'chromium'],
      { ...display.environment, EST_STATION_HOME: folder },
      'the window is shown by',
    );
    expect(ended.code, ended.stderr).toBe(130);
  });

  it('keeps the person’s choice of theme for the next time', async () => {
    const folder = path.join(home, 'theme');
    const theme = (dark: string | null) =>
      `localStorage.${dark === null ? 'getItem("probe")' : `setItem("probe", "${dark}")`}`;
    const first = await open(folder);
    await first.window.page.evaluate(theme('dark'));
    await first.close();
    const second = await open(folder);
    expect(await second.window.page.evaluate(theme(null))).toBe('dark');
    await second.close();
  });

  it('does not open without a screen, and tells the other ways', async () => {
    const ended = await start([], { EST_STATION_HOME: path.join(home, 'none') });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('npm run -s station');
  });

  it('does not open on a data folder that cannot be used', async () => {
    await writeFile(path.join(home, 'file'), '');
    const ended = await start(['--host', 'chromium'], {
      ...display.environment,
      EST_STATION_HOME: path.join(home, 'file', 'below'),
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('STORE-01');
  });

  it('says what to do when the browser does not start or is missing', async () => {
    const environment = { ...display.environment, EST_STATION_HOME: path.join(home, 'browser') };
    for (const program of ['/bin/false', '/nowhere/chromium']) {
      const ended = await start(['--host', 'chromium'], {
        ...environment,
        EST_STATION_CHROMIUM: program,
      });
      expect(ended.code, ended.stderr).toBe(1);
      expect(ended.stderr).toContain('WINDOW-01');
    }
  });

  it('loads nothing but its own files', async () => {
    const index = await readFile(path.join(project, 'dist', 'renderer', 'index.html'), 'utf8');
    expect(index).not.toMatch(/(?:src|href)="(?!\.\/)/);
    expect(index).not.toMatch(/<script(?![^>]*src=)/);
  });
});
