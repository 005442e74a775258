import { desktopOrigin } from './window.ts';

/** What of a session the rules below need; Electron's Session has it. */
export interface PermissionSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

/** Denies every permission a page could ask for. Electron security checklist 5. */
export function denyPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
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
