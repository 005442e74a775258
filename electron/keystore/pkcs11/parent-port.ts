/** The host's end of the channel to its parent. */
export interface ParentPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent has gone away. */
  onDisconnect(listener: () => void): void;
}

/** Electron's `process.parentPort` inside a utilityProcess (its types need the electron package). */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** The channel this process was started with: Electron's utilityProcess or a Node child's IPC. */
export function parentPort(): ParentPort {
  const utility = (process as unknown as { parentPort?: UtilityPort }).parentPort;
  if (utility !== undefined) {
    return {
      post: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', ({ data }) => listener(data)),
      // Chromium ends a utility process together with the browser process.
      onDisconnect: () => undefined,
    };
  }
  return {
    post: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.on('disconnect', listener),
  };
}
