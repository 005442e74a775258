import { desktopOrigin } from './window.ts';

/** What of a session the rules below need; Electron's Session has it. */
export interface PermissionSession {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: { readonly requestingUrl: string },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

/**
 * Denies every permission a page could ask for, save that the station's own page may put text on
 * the clipboard ("Copy report"); it may not read it. Electron security checklist 5.
 */
export function limitPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) =>
    callback(isPermitted(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}

function isPermitted(permission: string, url: string): boolean {
  const own = url === desktopOrigin || url.startsWith(`${desktopOrigin}/`);
  return own && permission === 'clipboard-sanitized-write';
}

interface Preventable {
  preventDefault(): void;
}

/** What of a window's contents the rules below need; Electron's WebContents has it. */
export interface GuardedContents {
  on(
    event: 'will-frame-navigate' | 'will-redirect',
    listener: (details: Preventable & { readonly url: string }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

/**
 * Keeps the window on its own page: no navigation or redirect elsewhere, no new window, no webview.
 * Links to the outside do not exist, so nothing is ever handed to the system's browser.
 * Electron security checklist 12, 13, 14, 15.
 */
export function confine(contents: GuardedContents): void {
  const stay = (details: Preventable & { readonly url: string }) => {
    if (!details.url.startsWith(`${desktopOrigin}/`)) details.preventDefault();
  };
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
