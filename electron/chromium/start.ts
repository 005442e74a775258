import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../../shared/errors/entry.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { findChromium } from './chromium-programs.ts';
import { screenPresent } from './display.ts';
import { fetchElectron, findElectron } from './electron-program.ts';
import { openChromiumStation } from './main.ts';
import { chromiumSandbox } from './sandbox.ts';

const usage = `npm start [-- --host electron|chromium]

Opens the station window: in Electron where its program can be had, else in a Chromium, Chrome or
Edge of this computer. --host settles the choice.

  EST_STATION_HOME              the station's data folder
  EST_STATION_CHROMIUM          path of the browser to use
  EST_STATION_CHROMIUM_SANDBOX  off: without the browser's own sandbox (containers)
`;

const say = (line: string) => process.stderr.write(`start: ${line}\n`);

async function main(): Promise<number> {
  const host = readHost(process.argv.slice(2));
  if (host === 'help') {
    process.stdout.write(usage);
    return exitCodes.done;
  }
  if (!screenPresent()) {
    say('there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set).');
    say('To provision without a window: npm run -s station -- --help');
    say('To see the window at work without a screen: npm run demo -- --auto');
    return exitCodes.internal;
  }
  const electron = host === 'chromium' ? null : await electronProgram();
  if (electron !== null) {
    say(`the window is shown by Electron (${electron})`);
    return await runElectron(electron);
  }
  if (host === 'electron') return exitCodes.internal;
  const chromium = findChromium();
  if (chromium === null) {
    throw new StationError('WINDOW-01', { detail: 'no Chromium, Chrome or Edge is installed' });
  }
  const signal = firstSignal();
  say(`the window is shown by ${chromium}`);
  return await runChromium(chromium, signal);
}

/** @throws StationError USAGE-01 for anything it does not know. */
function readHost(args: string[]): 'electron' | 'chromium' | 'help' | null {
  const { host = null, help = false } = parse(args);
  if (help) return 'help';
  if (host === null || host === 'electron' || host === 'chromium') return host;
  throw new StationError('USAGE-01', { detail: `There is no host "${host}".` });
}

function parse(args: string[]): { host?: string; help?: boolean } {
  const options = { host: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new StationError('USAGE-01', {
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

async function electronProgram(): Promise<string | null> {
  const present = findElectron();
  if (present !== null) return present;
  const failure = await fetchElectron(say);
  if (failure === null) return findElectron();
  say(`Electron's program is not installed: ${failure}`);
  return null;
}

function runElectron(program: string): Promise<number> {
  const project = path.join(import.meta.dirname, '..', '..');
  const asRoot = process.getuid?.() === 0;
  if (asRoot) say('running as root: Chromium’s sandbox is off, because it refuses to run so.');
  const child = spawn(program, [...(asRoot ? ['--no-sandbox'] : []), project], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? exitCodes.interrupted));
  });
}

async function runChromium(program: string, signal: Promise<void>): Promise<number> {
  const { window, close } = await openChromiumStation({
    env: process.env,
    program,
    sandbox: chromiumSandbox(say),
    practice: null,
    display: {},
    viewport: null,
    log: say,
  });
  say('the window is open; closing it ends the program');
  const code = await Promise.race([
    signal.then(() => exitCodes.interrupted),
    window.closed.then(() => exitCodes.done),
  ]);
  await close();
  return code;
}

/** Listened for from the beginning: a signal while the window opens closes it as soon as it is there. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function tell(error: unknown): number {
  const failure = StationError.from(error);
  const { code, message, cause, waysOut } = failure.toData();
  say(`${code} ${message} ${cause}`);
  for (const way of waysOut) say(`  ${way}`);
  return failure.exitCode;
}

process.exitCode = await main().catch(tell);
