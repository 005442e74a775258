import { describe, expect, it, vi } from 'vitest';
import { confine, type GuardedContents, limitPermissions } from './permissions.ts';

type Listener = (details: { url: string; preventDefault(): void }) => void;

/** Contents that remember what was asked of them. */
function fakeContents() {
  const listeners = new Map<string, Listener>();
  const open = vi.fn<(handler: () => { action: 'deny' }) => void>();
  const contents: GuardedContents = {
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    setWindowOpenHandler: open,
  };
  confine(contents);
  const prevented = (event: string, url: string) => {
    const preventDefault = vi.fn();
    listeners.get(event)?.({ url, preventDefault });
    return preventDefault.mock.calls.length === 1;
  };
  return { prevented, open };
}

describe('the confinement of the window', () => {
  it.each([
    'https://example.com/',
    'est-station://other/',
    'est-station://app.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('prevents navigation to %s', (url) => {
    const { prevented } = fakeContents();
    expect(prevented('will-frame-navigate', url)).toBe(true);
    expect(prevented('will-redirect', url)).toBe(true);
  });

  it('lets the window stay on its own page', () => {
    expect(fakeContents().prevented('will-frame-navigate', 'est-station://app/index.html')).toBe(
      false,
    );
  });

  it('prevents webviews and denies new windows', () => {
    const { prevented, open } = fakeContents();
    expect(prevented('will-attach-webview', 'est-station://app/')).toBe(true);
    expect(open.mock.calls[0]?.[0]()).toEqual({ action: 'deny' });
  });
});

describe('permissions', () => {
  const own = 'est-station://app/';
  it.each([
    ['clipboard-sanitized-write', own, true],
    ['clipboard-sanitized-write', 'est-station://app', true],
    ['clipboard-sanitized-write', 'est-station://app.example/', false],
    ['clipboard-sanitized-write', 'https://example.com/', false],
    ['clipboard-read', own, false],
    ['usb', own, false],
    ['hid', own, false],
    ['media', own, false],
    ['openExternal', own, false],
    ['unknown', own, false],
  ])('%s for %s: %s', (permission, url, granted) => {
    const answers: boolean[] = [];
    limitPermissions({
      setPermissionRequestHandler: (handler) =>
        handler(null, permission, (answer) => answers.push(answer), { requestingUrl: url }),
      setPermissionCheckHandler: (handler) => answers.push(handler(null, permission, url)),
      setDevicePermissionHandler: (handler) => answers.push(handler()),
    });
    expect(answers).toEqual([granted, granted, false]);
  });
});
