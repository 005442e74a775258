import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { discardFolder } from '../test/discard-folder.ts';
import type { stationScheme } from './desktop/protocol.ts';
import type { windowOptions } from './desktop/window.ts';
import type { InvokeEvent } from './desktop/window-channel.ts';

type WindowOptions = ReturnType<typeof windowOptions>;
type Invoke = (event: InvokeEvent, name: unknown, input: unknown) => Promise<unknown>;

/** Electron's modules as far as the main process uses them, remembering what was asked of them. */
const fake = {
  calls: [] as string[],
  schemes: [] as (typeof stationScheme)[],
  windows: [] as WindowOptions[],
  handlers: new Map<string, Invoke>(),
  appListeners: new Map<string, (event: { preventDefault(): void }, contents: unknown) => void>(),
  loaded: '',
  exitCode: null as number | null,
  ready: (): void => undefined,
};

function fakeElectron() {
  const ready = new Promise<void>((resolve) => {
    fake.ready = resolve;
  });
  class BrowserWindow extends EventEmitter {
    readonly webContents = { id: 3, isDestroyed: () => false, send: () => undefined };

    constructor(options: WindowOptions) {
      super();
      fake.windows.push(options);
      fake.appListeners.get('web-contents-created')?.(
        { preventDefault: () => undefined },
        {
          on: (event: string) => fake.calls.push(`guard ${event}`),
          setWindowOpenHandler: () => fake.calls.push('guard window.open'),
        },
      );
    }

    async loadURL(url: string): Promise<void> {
      fake.loaded = url;
    }

    show(): void {
      fake.calls.push('show');
    }
  }
  return {
    app: {
      enableSandbox: () => fake.calls.push('enableSandbox'),
      setPath: (name: string, folder: string) => fake.calls.push(`${name}=${folder}`),
      requestSingleInstanceLock: () => true,
      on: (name: string, listener: () => void) => fake.appListeners.set(name, listener),
      whenReady: () => ready,
      quit: () => undefined,
      exit: (code: number) => {
        fake.exitCode = code;
      },
    },
    BrowserWindow,
    dialog: { showErrorBox: (title: string) => fake.calls.push(`error ${title}`) },
    ipcMain: { handle: (name: string, listener: Invoke) => fake.handlers.set(name, listener) },
    Menu: { setApplicationMenu: () => undefined, buildFromTemplate: () => null },
    nativeTheme: { shouldUseDarkColors: false },
    protocol: {
      registerSchemesAsPrivileged: (schemes: (typeof stationScheme)[]) =>
        fake.schemes.push(...schemes),
      handle: (scheme: string) => fake.calls.push(`serve ${scheme}`),
    },
    safeStorage: {
      getSelectedStorageBackend: () => 'gnome_libsecret',
      isAsyncEncryptionAvailable: async () => true,
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: () => fake.calls.push('limit requests'),
        setPermissionCheckHandler: () => fake.calls.push('limit checks'),
        setDevicePermissionHandler: () => fake.calls.push('deny devices'),
      },
    },
    utilityProcess: { fork: () => new EventEmitter() },
  };
}

const home = mkdtempSync(path.join(os.tmpdir(), 'electron-main-'));
const before = { schemes: 0, calls: [] as string[] };

beforeAll(async () => {
  vi.stubEnv('EST_STATION_HOME', home);
  vi.doMock('electron', fakeElectron);
  await import('./main.ts');
  before.schemes = fake.schemes.length;
  before.calls = [...fake.calls];
  fake.ready();
  await vi.waitFor(() => expect(fake.loaded).not.toBe(''), { timeout: 15_000 });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await discardFolder(home);
});

const own: InvokeEvent = {
  sender: { id: 3 },
  senderFrame: { url: 'est-station://app/index.html', parent: null },
};

describe('the desktop application', () => {
  it('switches the sandbox on and registers its scheme before Electron is ready', () => {
    expect(before.calls).toEqual(['enableSandbox', `userData=${path.join(home, 'window')}`]);
    expect(before.schemes).toBe(1);
  });

  it('opens one window on its own origin, with the preload and nothing of Node', () => {
    expect(fake.loaded).toBe('est-station://app/');
    expect(fake.windows).toHaveLength(1);
    expect(fake.windows[0]?.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    });
    expect(path.basename(fake.windows[0]?.webPreferences?.preload ?? '')).toBe('preload.cjs');
  });

  it('limits permissions and confines every window’s contents', () => {
    for (const call of [
      'limit requests',
      'limit checks',
      'deny devices',
      'guard will-frame-navigate',
      'guard will-redirect',
      'guard will-attach-webview',
      'guard window.open',
      'serve est-station',
    ]) {
      expect(fake.calls).toContain(call);
    }
  });

  it('answers its own page through the gate, with the real station behind it', async () => {
    expect([...fake.handlers.keys()]).toEqual(['station.command']);
    const reply = await fake.handlers.get('station.command')?.(own, 'station.describe', {});
    expect(reply).toMatchObject({ ok: true, value: { host: 'electron', dataFolder: home } });
  });

  it('can keep a passphrase where the operating system has a key for it', async () => {
    const which = { purpose: 'keystore-passphrase', path: path.join(home, 'keys') };
    const reply = await fake.handlers.get('station.command')?.(own, 'secrets.kept', which);
    expect(reply).toEqual({ ok: true, value: { available: true, kept: false } });
  });

  it('refuses any other sender', async () => {
    const stranger = { ...own, senderFrame: { url: 'https://example.com/', parent: null } };
    const reply = await fake.handlers.get('station.command')?.(stranger, 'station.describe', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'IPC-02' } });
  });

  it('closes the station before it ends', async () => {
    const preventDefault = vi.fn();
    fake.appListeners.get('before-quit')?.({ preventDefault }, null);
    fake.appListeners.get('before-quit')?.({ preventDefault }, null);
    expect(preventDefault).toHaveBeenCalledTimes(2);
    await vi.waitFor(() => expect(fake.exitCode).toBe(0));
  });
});
