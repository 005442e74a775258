import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { fakeStation } from '../../renderer/fake-station.ts';
import { builtWindow } from './built-window.ts';
import { WindowServer } from './window-server.ts';

/** Milliseconds a test or a look may take: a browser on a busy machine. */
export const patience = 240_000;

export const sizes = {
  small: { width: 1280, height: 800 },
  large: { width: 1920, height: 1080 },
} as const;

/** How one look at the window is taken. */
export interface Look {
  readonly size: keyof typeof sizes;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'de';
}

export const ordinaryLook: Look = { size: 'small', theme: 'light', language: 'en' };

interface OpenWindow {
  readonly page: Page;
  inUse: boolean;
  complaints: string[];
}

/**
 * The built window in a headless Chromium, in front of a station that follows a scenario. A window is loaded anew for
 * each scenario, with nothing stored, but its process and what that has compiled are used again.
 */
export class RendererWindows {
  readonly #server: WindowServer;
  readonly #browser: Browser;
  readonly #fake: string;
  readonly #windows = new Map<string, OpenWindow>();

  private constructor(server: WindowServer, browser: Browser, fake: string) {
    this.#server = server;
    this.#browser = browser;
    this.#fake = fake;
  }

  static async launch(): Promise<RendererWindows> {
    const folder = await builtWindow();
    const browser = await chromium.launch({
      executablePath: process.env.EST_STATION_CHROMIUM ?? '/usr/bin/chromium',
      timeout: patience / 2,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const fake = await readFile(join(folder, 'fake', 'fake.js'), 'utf8');
    const server = await WindowServer.start(join(folder, 'window'));
    return new RendererWindows(server, browser, fake);
  }

  /** Opens a window; what breaks the policy or throws is collected in `complaints`. */
  async open(
    scenario: Parameters<typeof fakeStation>[0] = {},
    look: Look = ordinaryLook,
  ): Promise<{ page: Page; complaints: string[] }> {
    const key = JSON.stringify(look);
    const known = this.#windows.get(key);
    if (known?.inUse) throw new Error('a test looks at one window of a kind at a time');
    const window = known && !known.page.isClosed() ? known : await this.#make(look);
    this.#windows.set(key, window);
    window.inUse = true;
    window.complaints = [];
    const query = new URLSearchParams({ scenario: JSON.stringify(scenario) });
    await window.page.goto(`${this.#server.origin}/?${query}`);
    return { page: window.page, complaints: window.complaints };
  }

  async #make(look: Look): Promise<OpenWindow> {
    const context = await this.#browser.newContext({
      viewport: sizes[look.size],
      colorScheme: look.theme,
      locale: look.language,
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience / 2);
    const window: OpenWindow = { page, inUse: false, complaints: [] };
    page.on('pageerror', (error) => window.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') window.complaints.push(message.text());
    });
    await page.addInitScript(
      `${this.#fake}\nObject.defineProperty(window, 'station', { value: fake.fakeStation(JSON.parse(new URLSearchParams(location.search).get('scenario'))) });`,
    );
    return window;
  }

  /** Leaves every window, and forgets what it has stored. One with a clock of its own is closed by its test. */
  async closeAll(): Promise<void> {
    for (const window of this.#windows.values()) {
      if (!window.inUse) continue;
      window.inUse = false;
      if (window.page.isClosed()) continue;
      await window.page.evaluate('localStorage.clear(), sessionStorage.clear()');
      await window.page.mouse.move(0, 0);
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }
}
