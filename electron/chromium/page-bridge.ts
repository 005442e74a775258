import type { BridgeTransport } from '../../shared/contract/station-api.ts';
import { bridge } from '../bridge.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { chromiumWindow, commandBinding, newsEvent } from './window-origin.ts';

/** The part of a page this script needs. */
interface Page {
  readonly location: { readonly origin: string };
  readonly top: unknown;
  readonly window: unknown;
  readonly [commandBinding]: (message: string) => Promise<string>;
  addEventListener(name: string, listener: (event: { readonly detail: unknown }) => void): void;
  removeEventListener(name: string, listener: (event: { readonly detail: unknown }) => void): void;
}

/**
 * Runs in the Chromium window before its own scripts: what the preload is under Electron. It puts
 * `window.station` into the station's own main frame and nowhere else.
 */
function install(page: Page): void {
  if (page.location.origin !== chromiumWindow.origin || page.top !== page.window) return;
  const transport: BridgeTransport = {
    async invoke(name, input) {
      return decodeMessage(await page[commandBinding](encodeMessage([name, input])));
    },
    on(name, listener) {
      const relay = ({ detail }: { readonly detail: unknown }) => {
        const news = typeof detail === 'string' ? decodeMessage(detail) : null;
        if (Array.isArray(news) && news[0] === name) listener(news[1]);
      };
      page.addEventListener(newsEvent, relay);
      return () => page.removeEventListener(newsEvent, relay);
    },
  };
  Object.defineProperty(page, 'station', { value: bridge(transport), enumerable: true });
}

install(globalThis as unknown as Page);
