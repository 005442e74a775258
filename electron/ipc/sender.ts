/** Who sent a message, narrowed to what the check needs; each host fills it from its own frame. */
export interface Sender {
  /** URL of the frame that sent the message. */
  readonly url: string;
  readonly isMainFrame: boolean;
  /** The host's number for the window (Electron: webContents id). */
  readonly windowId: number;
}

/** The one sender the station listens to. */
export interface AllowedSender {
  /** `scheme://host`, no slash at the end. */
  readonly origin: string;
  readonly windowId: number;
}

/**
 * True only for the main frame of the station's own window showing the station's own pages.
 * A frame that is gone (null) is nobody. Electron security checklist 17.
 */
export function isAllowedSender(sender: Sender | null, allowed: AllowedSender): boolean {
  if (sender === null) return false;
  if (!sender.isMainFrame || sender.windowId !== allowed.windowId) return false;
  return originOf(sender.url) === allowed.origin;
}

/** `scheme://host:port`; not URL.origin, which is "null" for a custom scheme. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return null;
  return `${url.protocol}//${url.host}`;
}
