import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page, type Route } from 'playwright-core';
import type { StationEvent } from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Gate } from '../ipc/gate.ts';
import type { Sender } from '../ipc/sender.ts';
import { windowLook } from '../window/look.ts';
import { answerFromRenderer } from '../window/renderer-files.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { chromiumWindow, commandBinding, newsEvent } from './window-origin.ts';

export interface ChromiumHostOptions {
  /** Path of Chromium, Chrome or Edge. */
  readonly program: string;
  /** Folder of the built renderer. */
  readonly renderer: string;
  /** Path of the built page bridge. */
  readonly pageBridge: string;
  readonly gate: Gate;
  /** Chromium's own sandbox; it refuses to start with it as root. */
  readonly sandbox: boolean;
  /** Added to this process's environment for Chromium, e.g. DISPLAY. */
  readonly environment: Readonly<Record<string, string>>;
  /** Fixed page size in CSS pixels for automated runs; null lets a person size the window. */
  readonly viewport: { readonly width: number; readonly height: number } | null;
  /** Folder of the window's own settings (language, theme); null for one that is thrown away. */
  readonly profile: string | null;
}

/** The station's window in Chromium. */
export interface ChromiumWindow {
  /** For automated runs: its controls can be clicked and typed into. */
  readonly page: Page;
  /** Resolves when the window is gone, whoever closed it. */
  readonly closed: Promise<void>;
  /** Tells the page one item of news, in order. */
  send(event: StationEvent): void;
  close(): Promise<void>;
}

/** More text than any message within the gate's bounds needs. */
const longestMessage = 4_000_000;

/**
 * Opens the station's window in a Chromium of the machine. The browser is driven over a pipe, its
 * pages come from the disk, and it resolves no name: no port is open and nothing is fetched from
 * any network.
 * @throws StationError WINDOW-01 when Chromium cannot be started.
 */
export async function openChromiumWindow(options: ChromiumHostOptions): Promise<ChromiumWindow> {
  const { userData, discard } = await userDataFolder(options.profile);
  try {
    const context = await launch(userData, options).catch((error: unknown) => {
      throw notStarted(options.program, error);
    });
    const gone = new Promise<void>((resolve) => context.once('close', () => resolve()));
    const page = await stationPage(context, options);
    return {
      page,
      closed: gone.then(discard),
      send: newsSender(page),
      async close() {
        await context.close();
        await discard();
      },
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function userDataFolder(
  profile: string | null,
): Promise<{ readonly userData: string; discard(): Promise<void> }> {
  if (profile !== null) return { userData: profile, discard: async () => {} };
  const userData = await mkdtemp(path.join(os.tmpdir(), 'est-station-window-'));
  return {
    userData,
    discard: () => rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

function launch(userData: string, options: ChromiumHostOptions): Promise<BrowserContext> {
  const wayland = process.env.WAYLAND_DISPLAY && !process.env.DISPLAY;
  return chromium.launchPersistentContext(userData, {
    executablePath: options.program,
    headless: false,
    chromiumSandbox: options.sandbox,
    env: { ...definedEnvironment(), ...options.environment },
    args: [
      `--app=${firstPage()}`,
      `--window-size=${windowLook.width},${windowLook.height}`,
      '--host-resolver-rules=MAP * ~NOTFOUND',
      '--no-proxy-server',
      // Else a bar over the page warns of the two flags above, and of a missing sandbox, which the
      // program that starts the window reports itself.
      '--test-type',
      '--disable-sync',
      '--disable-default-apps',
      '--disable-domain-reliability',
      '--hide-crash-restore-bubble',
      '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication',
      ...(wayland ? ['--ozone-platform=wayland'] : []),
    ],
    // The bar "controlled by automated test software" would only puzzle a technician.
    ignoreDefaultArgs: ['--enable-automation'],
    viewport: options.viewport,
    // The person's own settings for theme, motion and contrast count.
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    acceptDownloads: false,
    serviceWorkers: 'block',
    // Names all there is: "Copy report" may write to the clipboard, everything else is denied.
    permissions: ['clipboard-write'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: 60_000,
  });
}

/**
 * What the window shows until the bridge is in place and the station's page can be loaded: nothing,
 * in that page's colour. Not that page's own address: it would fail to load, and Playwright waits
 * for this load to succeed.
 */
function firstPage(): string {
  const { title, background } = windowLook;
  const style = `html{background:${background.light}}@media(prefers-color-scheme:dark){html{background:${background.dark}}}`;
  const html = `<title>${title}</title><style>${style}</style>`;
  return `data:text/html,${encodeURIComponent(html)}`;
}

/** The first line of the reason; what follows it is the browser's own log. */
function notStarted(program: string, error: unknown): StationError {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new StationError(
    'WINDOW-01',
    { detail: `${program} did not start: ${reason.replace(/^browserType\.\w+: |\.$/g, '')}` },
    { cause: error },
  );
}

/** Puts bridge, gate and files in place, then loads the station's page. */
async function stationPage(context: BrowserContext, options: ChromiumHostOptions): Promise<Page> {
  const [page = await context.newPage()] = context.pages();
  context.on('page', (other) => {
    if (other !== page) unlessGone(other.close());
  });
  page.once('close', () => unlessGone(context.close()));
  await context.exposeBinding(commandBinding, async (source, message: unknown) => {
    return await answerMessage(options.gate, senderOf(source, page), message);
  });
  await context.addInitScript({ path: options.pageBridge });
  await context.route('**/*', (route) => unlessGone(answerRequest(route, options.renderer)));
  await page.goto(`${chromiumWindow.origin}/`);
  return page;
}

/** Whatever is still asked of a window that has just been closed fails, and nothing is lost by it. */
function unlessGone(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!(error instanceof Error) || !/has been closed|Target closed/.test(error.message))
      throw error;
  });
}

/** Names the frame that called, for the gate. */
function senderOf(
  source: { page: Page; frame: { url(): string; parentFrame(): unknown } },
  page: Page,
): Sender {
  return {
    url: source.frame.url(),
    isMainFrame: source.frame.parentFrame() === null,
    windowId: source.page === page ? chromiumWindow.windowId : 0,
  };
}

/** Answers one encoded message; what cannot be decoded goes to the gate as no command at all. */
export async function answerMessage(
  gate: Gate,
  sender: Sender | null,
  message: unknown,
): Promise<string> {
  const [name, input] = decodeCall(message);
  return encodeMessage(await gate.answer(sender, name, input));
}

function decodeCall(message: unknown): readonly unknown[] {
  if (typeof message !== 'string' || message.length > longestMessage) return [];
  try {
    const call = decodeMessage(message);
    return Array.isArray(call) ? call : [];
  } catch {
    return [];
  }
}

async function answerRequest(route: Route, renderer: string): Promise<void> {
  const url = route.request().url();
  if (!url.startsWith(`${chromiumWindow.origin}/`) || route.request().method() !== 'GET') {
    // "aborted" leaves the window on its page; any other reason would show an error page instead.
    await route.abort('aborted');
    return;
  }
  const { status, headers, body } = await answerFromRenderer(renderer, url);
  await route.fulfill({ status, headers, body });
}

/** News goes out one after the other; a page that is gone misses nothing it could still show. */
function newsSender(page: Page): (event: StationEvent) => void {
  let last: Promise<unknown> = Promise.resolve();
  return ({ name, payload }) => {
    const detail = encodeMessage([name, payload]);
    const dispatch = `window.dispatchEvent(new CustomEvent(${JSON.stringify(newsEvent)}, { detail: ${JSON.stringify(detail)} }))`;
    last = last.then(() => page.evaluate(dispatch)).catch(() => undefined);
  };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
