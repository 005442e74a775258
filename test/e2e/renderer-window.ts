import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { fakeStation } from '../../renderer/fake-station.ts';
import { builtWindow } from './built-window.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const origin = 'https://station.invalid';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

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

/** The built window in a headless Chromium, in front of a station that follows a scenario. */
export class RendererWindows {
  readonly #folder: string;
  readonly #browser: Browser;
  readonly #fake: string;
  readonly #contexts: BrowserContext[] = [];

  private constructor(folder: string, browser: Browser, fake: string) {
    this.#folder = folder;
    this.#browser = browser;
    this.#fake = fake;
  }

  static async launch(): Promise<RendererWindows> {
    const folder = await builtWindow();
    const browser = await chromium.launch({
      executablePath: process.env.EST_STATION_CHROMIUM ?? '/usr/bin/chromium',
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
    return new RendererWindows(folder, browser, fake);
  }

  /** Opens a window; what breaks the policy or throws is collected in `complaints`. */
  async open(
    scenario: Parameters<typeof fakeStation>[0] = {},
    look: Look = ordinaryLook,
  ): Promise<{ page: Page; complaints: string[] }> {
    const context = await this.#browser.newContext({
      viewport: sizes[look.size],
      colorScheme: look.theme,
      locale: look.language,
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(patience / 2);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await context.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = pathname === '/' ? '/index.html' : pathname;
      try {
        await route.fulfill({
          body: await readFile(join(this.#folder, 'window', path)),
          headers: {
            'content-type': types[extname(path)] ?? 'application/octet-stream',
            'content-security-policy': policy,
          },
        });
      } catch {
        await route.fulfill({ status: 404, body: '' });
      }
    });
    await page.addInitScript(
      `${this.#fake}\nObject.defineProperty(window, 'station', { value: fake.fakeStation(${JSON.stringify(scenario)}) });`,
    );
    await page.goto(`${origin}/`);
    return { page, complaints };
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
