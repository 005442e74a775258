import { homedir } from 'node:os';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import { StationError } from '../shared/errors/station-error.ts';
import { composeStation } from './compose.ts';
import { menuTemplate } from './desktop/menu.ts';
import { confine, limitPermissions } from './desktop/permissions.ts';
import { rendererProtocol, stationScheme } from './desktop/protocol.ts';
import { desktopSecretStore } from './desktop/secret-store.ts';
import { claimSingleInstance } from './desktop/single-instance.ts';
import { utilityProcessLauncher } from './desktop/utility-process-launcher.ts';
import { desktopOrigin, windowOptions } from './desktop/window.ts';
import { acceptCommands, sendEvent } from './desktop/window-channel.ts';
import { createGate } from './ipc/gate.ts';
import { relayEvents } from './ipc/relay.ts';
import { stationCommands } from './station/commands.ts';
import { dataFolder } from './store/data-folder.ts';
import { acquireInstanceLock } from './store/instance-lock.ts';
import { SealedFiles } from './store/sealed-files.ts';
import { version } from './version.ts';

/** Composition root of the desktop application. This file is bundled: beside it lie its companions. */
const bundles = import.meta.dirname;
const folder = dataFolder(process.env, process.platform, homedir());
const log = (line: string) => process.stderr.write(`${line}\n`);

app.enableSandbox();
app.setPath('userData', path.join(folder, 'window'));
protocol.registerSchemesAsPrivileged([stationScheme]);
app.on('web-contents-created', (_event, contents) => confine(contents));
app.on('window-all-closed', () => app.quit());

let window: BrowserWindow | null = null;
if (claimSingleInstance(app, () => window)) {
  app.whenReady().then(run).catch(giveUp);
} else {
  log(new StationError('STORE-05').message);
  app.exit(1);
}

async function run(): Promise<void> {
  const lock = await acquireInstanceLock(folder);
  const station = await composeStation({
    env: process.env,
    secretSource: null,
    secretStore: desktopSecretStore(safeStorage, new SealedFiles(folder), process.platform),
    launcher: utilityProcessLauncher({
      fork: (file, args, options) => utilityProcess.fork(file, args, options),
      entries: { 'keystore-host': outsideArchive(path.join(bundles, 'keystore-host.js')) },
      killProcess: (pid, signal) => process.kill(pid, signal),
    }),
  });
  closeBeforeQuit(async () => {
    await station.close();
    await lock.release();
  });

  limitPermissions(session.defaultSession);
  protocol.handle(stationScheme.scheme, rendererProtocol(path.join(bundles, 'renderer')));
  const template = menuTemplate(process.platform);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate(template));

  window = new BrowserWindow(
    windowOptions(path.join(bundles, 'preload.cjs'), nativeTheme.shouldUseDarkColors),
  );
  const { webContents } = window;
  const host = { version, host: 'electron', dataFolder: folder, practice: null } as const;
  const allowed = { origin: desktopOrigin, windowId: webContents.id };
  acceptCommands(ipcMain, createGate({ handlers: stationCommands(station, host), allowed, log }));
  relayEvents({ events: station, send: (event) => sendEvent(webContents, event), log });
  window.once('ready-to-show', () => window?.show());
  window.once('closed', () => {
    window = null;
  });
  await window.loadURL(`${desktopOrigin}/`);
}

/** What loads vendor libraries cannot run from inside the application's archive. */
function outsideArchive(file: string): string {
  return file.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
}

/** Lets the station write its last journal entry before the program ends. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    close().then(
      () => app.exit(0),
      (error: unknown) => {
        log(StationError.from(error).message);
        app.exit(1);
      },
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => app.quit());
  }
}

function giveUp(error: unknown): void {
  const { message, cause, waysOut, code } = StationError.from(error).toData();
  log(`${code} ${message} ${cause}`);
  dialog.showErrorBox(`EST Station: ${message}`, [cause, '', ...waysOut, '', code].join('\n'));
  app.exit(1);
}
