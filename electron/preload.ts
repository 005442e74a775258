import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { channels } from '../shared/contract/channels.ts';
import type { BridgeTransport } from '../shared/contract/station-api.ts';
import { bridge } from './bridge.ts';

/** Electron's side of the bridge; neither ipcRenderer nor an event object gets past it. */
const transport: BridgeTransport = {
  invoke: (name, input) => ipcRenderer.invoke(channels.command, name, input),
  on(name, listener) {
    const relay = (_event: IpcRendererEvent, arrived: unknown, payload: unknown) => {
      if (arrived === name) listener(payload);
    };
    ipcRenderer.on(channels.event, relay);
    return () => {
      ipcRenderer.removeListener(channels.event, relay);
    };
  },
};

contextBridge.exposeInMainWorld('station', bridge(transport));
