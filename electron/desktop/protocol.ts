import type { CustomScheme } from 'electron';
import { answerFromRenderer } from '../window/renderer-files.ts';
import { desktopOrigin } from './window.ts';

/**
 * The scheme of the station's pages, to be registered before the app is ready: a standard, secure
 * origin of its own instead of file://. Electron security checklist 18.
 */
export const stationScheme: CustomScheme = {
  scheme: 'est-station',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/**
 * Answers requests of the window: its own origin from the renderer's folder, anything else with 404.
 * @param root folder of the built renderer.
 */
export function rendererProtocol(
  root: string,
): (request: { readonly url: string }) => Promise<Response> {
  return async ({ url }) => {
    if (!url.startsWith(`${desktopOrigin}/`)) return new Response('Not found\n', { status: 404 });
    const { status, headers, body } = await answerFromRenderer(root, url);
    return new Response(new Uint8Array(body), { status, headers });
  };
}
