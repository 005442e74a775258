import { homedir } from 'node:os';
import path from 'node:path';
import { composeStation } from '../compose.ts';
import { createGate } from '../ipc/gate.ts';
import { relayEvents } from '../ipc/relay.ts';
import type { ProcessLauncher } from '../keystore/process-launcher.ts';
import { type HostDescription, stationCommands } from '../station/commands.ts';
import type { Station } from '../station/station.ts';
import { dataFolder } from '../store/data-folder.ts';
import { acquireInstanceLock } from '../store/instance-lock.ts';
import { version } from '../version.ts';
import { type ChromiumWindow, openChromiumWindow } from './host.ts';
import { chromiumWindow } from './window-origin.ts';

export interface ChromiumStationOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Path of Chromium, Chrome or Edge. */
  readonly program: string;
  readonly sandbox: boolean;
  /** How key processes are started; a Node child when absent. */
  readonly launcher?: ProcessLauncher;
  readonly practice: HostDescription['practice'];
  /** DISPLAY and the like for Chromium, beyond this process's environment. */
  readonly display: Readonly<Record<string, string>>;
  readonly viewport: { readonly width: number; readonly height: number } | null;
  readonly log: (line: string) => void;
}

/** A station with its window. */
export interface ChromiumStation {
  readonly station: Station;
  readonly window: ChromiumWindow;
  /** Closes the window, then the station: the last journal entry is written when this resolves. */
  close(): Promise<void>;
}

const project = path.join(import.meta.dirname, '..', '..');

/**
 * Composition root of the Chromium host: the one station of its data folder behind the one gate of
 * its window.
 * @throws StationError STORE-05 when a station already runs on this data folder, other STORE-… when
 * the folder cannot be used, WINDOW-01 when Chromium cannot be started.
 */
export async function openChromiumStation(
  options: ChromiumStationOptions,
): Promise<ChromiumStation> {
  const { env, launcher, practice, log } = options;
  const folder = dataFolder(env, process.platform, homedir());
  const lock = await acquireInstanceLock(folder);
  const opened: (() => Promise<void>)[] = [() => lock.release()];
  const close = async () => {
    for (let end = opened.pop(); end !== undefined; end = opened.pop()) await end();
  };
  try {
    const station = await composeStation({
      env,
      secretSource: null,
      ...(launcher === undefined ? {} : { launcher }),
    });
    opened.push(() => station.close());
    const host = { version, host: 'chromium', dataFolder: folder, practice } as const;
    const window = await openChromiumWindow({
      program: options.program,
      sandbox: options.sandbox,
      environment: options.display,
      viewport: options.viewport,
      renderer: path.join(project, 'dist', 'renderer'),
      pageBridge: path.join(project, 'dist', 'page-bridge.js'),
      profile: path.join(folder, 'window'),
      gate: createGate({ handlers: stationCommands(station, host), allowed: chromiumWindow, log }),
    });
    opened.push(() => window.close());
    const stop = relayEvents({ events: station, send: window.send, log });
    opened.push(async () => stop());
    return { station, window, close };
  } catch (error) {
    await close();
    throw error;
  }
}
