import vm from 'node:vm';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import preloadConfiguration from '../build/vite.preload.config.ts';
import type { StationApi } from '../shared/contract/station-api.ts';

/** An event as Electron would hand it over; it must never get past the preload. */
const electronEvent = { sender: 'ipcRenderer', senderId: 0 };

type Listener = (event: unknown, ...message: unknown[]) => void;

class FakeElectron {
  readonly exposed = new Map<string, unknown>();
  readonly invoked: unknown[][] = [];
  readonly listeners: { channel: string; listener: Listener }[] = [];
  readonly contextBridge = {
    exposeInMainWorld: (name: string, value: unknown) => this.exposed.set(name, value),
  };
  readonly ipcRenderer = {
    invoke: async (...message: unknown[]) => {
      this.invoked.push(message);
      return { ok: true, value: {} };
    },
    on: (channel: string, listener: Listener) => this.listeners.push({ channel, listener }),
    removeListener: (_channel: string, listener: Listener) => {
      const place = this.listeners.findIndex((entry) => entry.listener === listener);
      if (place >= 0) this.listeners.splice(place, 1);
    },
  };

  emit(...message: unknown[]): void {
    for (const { listener } of [...this.listeners]) listener(electronEvent, ...message);
  }
}

let bundles: readonly Rolldown.OutputChunk[] = [];

beforeAll(async () => {
  const result = await build({
    ...preloadConfiguration,
    configFile: false,
    build: { ...preloadConfiguration.build, write: false },
  });
  const outputs = Array.isArray(result) ? result : [];
  bundles = outputs.flatMap(({ output }) => output.filter((part) => part.type === 'chunk'));
});

/** Runs the bundle as a sandboxed preload would be run: CommonJS, with `electron` alone to require. */
function load(): { electron: FakeElectron; api: StationApi } {
  const electron = new FakeElectron();
  const required: string[] = [];
  const context = vm.createContext({
    require: (name: string) => {
      required.push(name);
      return electron;
    },
    module: { exports: {} },
    exports: {},
    TextEncoder,
    URL,
  });
  vm.runInContext(bundles[0]?.code ?? '', context);
  expect(required).toEqual(['electron']);
  return { electron, api: electron.exposed.get('station') as StationApi };
}

describe('the preload', () => {
  it('is one CommonJS file that needs electron and nothing else', () => {
    expect(bundles.map((bundle) => bundle.fileName)).toEqual(['preload.cjs']);
    expect(bundles[0]?.imports).toEqual(['electron']);
    expect(bundles[0]?.code).not.toMatch(/require\("node:|pkcs11js|process\.env/);
  });

  it('exposes window.station with its two functions and nothing of Electron', () => {
    const { electron, api } = load();
    expect([...electron.exposed.keys()]).toEqual(['station']);
    expect(Object.keys(api).sort()).toEqual(['command', 'subscribe']);
  });

  it('sends commands through the one channel', async () => {
    const { electron, api } = load();
    await api.command('credentials.forget', {});
    expect(electron.invoked.map((message) => JSON.stringify(message))).toEqual([
      '["station.command","credentials.forget",{}]',
    ]);
  });

  it('gives listeners the payload of their own event, never the event object, until they stop', () => {
    const { electron, api } = load();
    const seen: unknown[][] = [];
    const stop = api.subscribe('station.closing', (...args) => seen.push(args));
    expect(electron.listeners.map(({ channel }) => channel)).toEqual(['station.event']);
    electron.emit('station.closing', {});
    electron.emit('enrollment.progress', {});
    expect(JSON.stringify(seen)).toBe('[[{}]]');
    stop();
    expect(electron.listeners).toEqual([]);
  });
});
