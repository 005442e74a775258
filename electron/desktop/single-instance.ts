/** What of Electron's app a single instance needs. */
export interface SingleInstanceApp {
  requestSingleInstanceLock(): boolean;
  on(event: 'second-instance', listener: () => void): unknown;
}

/** What of a window can be brought to the front. */
export interface RaisableWindow {
  isMinimized(): boolean;
  restore(): void;
  show(): void;
  focus(): void;
}

/**
 * Claims the place of the one station window of this user; a second start brings it to the front.
 * @returns false when another instance holds the place: the caller ends.
 */
export function claimSingleInstance(
  app: SingleInstanceApp,
  currentWindow: () => RaisableWindow | null,
): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', () => {
    const window = currentWindow();
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  return true;
}
