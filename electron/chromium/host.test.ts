import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pageBridge from '../../build/vite.page-bridge.config.ts';
import type { StationApi } from '../../shared/contract/station-api.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { FakeEvents, fakeDescription, fakeHandlers } from '../ipc/fake-station.ts';
import { createGate } from '../ipc/gate.ts';
import { relayEvents } from '../ipc/relay.ts';
import { findChromium } from './chromium-programs.ts';
import { answerMessage, type ChromiumWindow, openChromiumWindow } from './host.ts';
import { chromiumWindow } from './window-origin.ts';
import { startVirtualDisplay, type VirtualDisplay } from './xvfb.ts';

const program = findChromium();

/** What a page's script sees; the functions below run inside the window. */
interface PageWindow {
  readonly station: StationApi;
  readonly document: {
    title: string;
    body: { append(element: unknown): void };
    createElement(name: string): { src: string; readonly contentWindow: PageWindow };
  };
  readonly location: { href: string };
  estStationCommand(message: string): Promise<string>;
  open(url: string): unknown;
  violations: string[];
  news: unknown[];
}
declare const window: PageWindow;
declare const navigator: {
  readonly permissions: { query(permission: { name: string }): Promise<{ state: string }> };
  readonly clipboard: { writeText(text: string): Promise<void> };
};

const page = `<!doctype html><title>stand-in</title><script src="/page.js"></script>`;
const script = `
  window.violations = [];
  window.news = [];
  document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective));
  window.stop = station.subscribe('enrollment.progress', (p) => news.push(p.enrollmentId));
`;

describe.skipIf(program === null)('the Chromium host', () => {
  const events = new FakeEvents();
  const lines: string[] = [];
  let secretSeen: number[] = [];
  let folder = '';
  let display: VirtualDisplay;
  let opened: ChromiumWindow;

  const gate = createGate({
    handlers: fakeHandlers({
      'credentials.hold': async ({ secret }) => {
        secretSeen = [...secret];
        return {};
      },
    }),
    allowed: chromiumWindow,
    log: (line) => lines.push(line),
  });

  const open = () =>
    openChromiumWindow({
      program: program ?? '',
      renderer: path.join(folder, 'renderer'),
      pageBridge: path.join(folder, 'page-bridge.js'),
      gate,
      sandbox: process.getuid?.() !== 0,
      environment: display.environment,
      viewport: { width: 1280, height: 800 },
      profile: null,
    });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'chromium-host-'));
    await build({
      ...pageBridge,
      configFile: false,
      build: { ...pageBridge.build, outDir: folder },
    });
    await mkdir(path.join(folder, 'renderer'));
    await writeFile(path.join(folder, 'renderer', 'index.html'), page);
    await writeFile(path.join(folder, 'renderer', 'page.js'), script);
    await writeFile(path.join(folder, 'outside.js'), 'secret');
    display = await startVirtualDisplay();
    opened = await open();
    relayEvents({ events, send: opened.send, log: (line) => lines.push(line) });
  });

  afterAll(async () => {
    await opened?.close();
    await display?.stop();
    await discardFolder(folder);
  });

  it('gives the page the bridge, which answers', async () => {
    const reply = await opened.page.evaluate(() => window.station.command('station.describe', {}));
    expect(reply).toEqual({ ok: true, value: fakeDescription });
  });

  it('carries bytes whole and zeroes them in the page', async () => {
    const left = await opened.page.evaluate(async () => {
      const secret = new Uint8Array([0, 200, 255]);
      await window.station.command('credentials.hold', { purpose: 'http-password', secret });
      return [...secret];
    });
    expect(secretSeen).toEqual([0, 200, 255]);
    expect(left).toEqual([0, 0, 0]);
  });

  it('tells the page the news in order', async () => {
    for (let number = 0; number < 20; number += 1) {
      const progress = { state: 'planned' as const, working: null, steps: [], elapsedMs: number };
      events.emit({
        name: 'enrollment.progress',
        payload: { enrollmentId: String(number), ...progress },
      });
    }
    await opened.page.waitForFunction(() => window.news.length === 20);
    const news = await opened.page.evaluate(() => window.news);
    expect(news).toEqual(Array.from({ length: 20 }, (_, number) => String(number)));
  });

  it('keeps the content security policy without a violation of its own', async () => {
    expect(await opened.page.evaluate(() => window.violations)).toEqual([]);
  });

  it('refuses a subframe, even one that finds the binding', async () => {
    const reply = await opened.page.evaluate(async () => {
      const frame = window.document.createElement('iframe');
      window.document.body.append(frame);
      const inner = frame.contentWindow;
      const call = '["station.describe",{}]';
      return [typeof inner.station, await inner.estStationCommand(call)];
    });
    expect(reply[0]).toBe('undefined');
    expect(reply[1]).toContain('IPC-02');
  });

  it.each(['', '{', '[]', '{"$bytes":1}', '["station.describe"]', '"x"', '["nothing",{}]'])(
    'answers the message %j with IPC-01',
    async (message) => {
      const reply = await opened.page.evaluate((text) => window.estStationCommand(text), message);
      expect(JSON.parse(reply)).toMatchObject({ ok: false, error: { code: 'IPC-01' } });
    },
  );

  it.each([7, null, ['station.describe', {}], 'x'.repeat(4_000_001)])(
    'answers a message that is no bounded text with IPC-01',
    async (message) => {
      const sender = { url: `${chromiumWindow.origin}/`, isMainFrame: true, windowId: 1 };
      expect(await answerMessage(gate, sender, message)).toContain('IPC-01');
    },
  );

  it('stays on its page when something navigates elsewhere', async () => {
    const before = opened.page.url();
    const failed = opened.page.waitForEvent('requestfailed');
    await opened.page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await failed;
    expect(opened.page.url()).toBe(before);
    expect(await opened.page.evaluate(() => typeof window.station)).toBe('object');
  });

  it('closes any other window at once', async () => {
    const other = opened.page.context().waitForEvent('page');
    await opened.page.evaluate(() => window.open('about:blank'));
    const popup = await other;
    if (!popup.isClosed()) await popup.waitForEvent('close');
    expect(opened.page.context().pages()).toEqual([opened.page]);
  });

  it('lets the page write to the clipboard and denies every other permission', async () => {
    const states = await opened.page.evaluate(() =>
      Promise.all(
        ['clipboard-write', 'clipboard-read', 'notifications', 'geolocation', 'camera'].map(
          async (name) => (await navigator.permissions.query({ name })).state,
        ),
      ),
    );
    expect(states).toEqual(['granted', 'denied', 'denied', 'denied', 'denied']);
    await opened.page.evaluate(() => navigator.clipboard.writeText('report'));
  });

  it.skipIf(process.platform !== 'linux')('opens no port', async () => {
    const family = await familyOf(process.pid);
    expect((await Promise.all(family.map(commandLine))).join()).toContain('--app=');
    expect(await listeningInodes(family)).toEqual([]);
  });

  it('ends when a person closes the window, and leaves no profile behind', async () => {
    const second = await open();
    const folders = await profileFolders();
    await second.page.close();
    await second.closed;
    expect((await profileFolders()).length).toBeLessThan(folders.length);
  });
});

async function profileFolders(): Promise<string[]> {
  const commands = await Promise.all((await familyOf(process.pid)).map(commandLine));
  const folders = commands.flatMap(
    (command) => /--user-data-dir=([^\0]+)/.exec(command)?.[1] ?? [],
  );
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}

async function commandLine(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

/** All processes below this one. */
async function familyOf(ancestor: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(status)?.[1];
    if (parent !== undefined) parents.set(pid, Number(parent));
  }
  const below = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || below(parent));
  };
  return pids.filter(below);
}

/** Sockets in state LISTEN (0A) that one of these processes holds. */
async function listeningInodes(pids: readonly number[]): Promise<string[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const listening = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
  const held = await Promise.all(pids.map(socketsOf));
  return held.flat().filter((socket) => listening.includes(socket));
}

async function socketsOf(pid: number): Promise<string[]> {
  const numbers = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return await Promise.all(
    numbers.map((number) => readlink(`/proc/${pid}/fd/${number}`).catch(() => '')),
  );
}
