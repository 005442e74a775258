import type { BrowserWindowConstructorOptions } from 'electron';
import { windowLook } from '../window/look.ts';

/** The origin of the station's pages under Electron. */
export const desktopOrigin = 'est-station://app';

/**
 * Options of the station's one window. Electron security checklist 2 (no Node in the page),
 * 3 (context isolation), 4 (sandbox), 6 (web security), 8 and 9 (nothing insecure or experimental),
 * 12 (no webview).
 * @param preload path of the bundled preload, CommonJS.
 */
export function windowOptions(preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    title: windowLook.title,
    width: windowLook.width,
    height: windowLook.height,
    minWidth: windowLook.minWidth,
    minHeight: windowLook.minHeight,
    backgroundColor: windowLook.background[dark ? 'dark' : 'light'],
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    },
  };
}
