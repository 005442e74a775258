import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { exitCodes } from '../../shared/errors/entry.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { nodeProcessLauncher } from '../keystore/node-process-launcher.ts';
import { findModules } from '../keystore/pkcs11/module-paths.ts';
import { startPractice } from '../practice/server.ts';
import { findChromium } from './chromium-programs.ts';
import { checkKey, checkPath } from './demo-checks.ts';
import { type DemoFolder, demoFolderName, makeDemoFolder } from './demo-folder.ts';
import { summaryLines } from './demo-summary.ts';
import { problemShown, type TypedValues, walkWizard } from './demo-walk.ts';
import { screenPresent } from './display.ts';
import { type ChromiumStation, openChromiumStation } from './main.ts';
import { chromiumSandbox } from './sandbox.ts';
import { startVirtualDisplay } from './xvfb.ts';

const usage = `npm run demo [-- --auto] [-- --out FOLDER]

Provisions a SoftHSM2 token at the built-in practice server, in the station's own window. Without
--auto a person clicks; with it, or without a screen, the wizard is walked by itself.
`;

/** An automatic walk takes seconds; one that has not ended by then never will. */
const autoMs = 120_000;
const viewport = { width: 1280, height: 800 };

const print = (line: string) => process.stdout.write(`${line}\n`);
const say = (line: string) => process.stderr.write(`demo: ${line}\n`);

/** What was opened, closed again in the opposite order. */
const opened: (() => Promise<unknown>)[] = [];

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return exitCodes.done;
  }
  const automatic = options.auto || !screenPresent();
  if (automatic && !options.auto) say('there is no screen here: the wizard is walked by itself.');
  const signal = firstSignal();
  const { station, good } = await Promise.race([
    demonstrate(path.resolve(options.out), automatic),
    interruptedBy(signal),
  ]);
  if (!automatic) {
    print('');
    print('Close the station window to end the demonstration.');
    await Promise.race([station.window.closed, signal]);
  }
  return good ? exitCodes.done : exitCodes.internal;
}

/** The whole demonstration, up to its summary. `good`: nothing that was checked afterwards failed. */
async function demonstrate(
  root: string,
  automatic: boolean,
): Promise<{ station: ChromiumStation; good: boolean }> {
  const folder = await makeDemoFolder(root);
  print(`Folder of this demonstration: ${folder.root}`);
  const { station, values } = await openParts(folder, automatic);
  const ended = firstEnd(station);
  const record = automatic
    ? await walk(station, values, folder, ended)
    : await accompany(station, values, ended);
  return { station, good: await conclude(record, values, folder) };
}

interface DemoOptions {
  readonly auto: boolean;
  readonly out: string;
  readonly help: boolean;
}

/** @throws StationError USAGE-01 */
function readOptions(args: string[]): DemoOptions {
  const options = {
    auto: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join('out', demoFolderName(new Date())) },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StationError('USAGE-01', { detail });
  }
}

/** Opens practice server, token and station window; they are closed when the program ends. */
async function openParts(
  folder: DemoFolder,
  automatic: boolean,
): Promise<{ station: ChromiumStation; values: TypedValues }> {
  const module = findModules().find(({ name }) => name.startsWith('SoftHSM'))?.path;
  if (module === undefined) throw new Error('SoftHSM2 is not installed (Debian: softhsm2)');
  const program = findChromium();
  if (program === null) {
    throw new StationError('WINDOW-01', { detail: 'no Chromium, Chrome or Edge is installed' });
  }
  const practice = await startPractice({ dir: folder.practice, port: 0 });
  opened.push(() => practice.close());
  const { endpoint, caFingerprint, username, password } = practice.facts;
  const station = await openChromiumStation({
    env: { ...process.env, EST_STATION_HOME: folder.station },
    program,
    sandbox: chromiumSandbox(say),
    launcher: nodeProcessLauncher({ env: { SOFTHSM2_CONF: folder.tokenConfiguration } }),
    practice: { endpoint, caFingerprint, username },
    display: screenPresent() ? {} : await virtualDisplay(),
    viewport: automatic ? viewport : null,
    log: say,
  });
  opened.push(() => station.close());
  return {
    station,
    values: {
      fingerprint: caFingerprint,
      module,
      tokenLabel: 'practice-token',
      pin: '123456',
      soPin: '87654321',
      subject: 'CN=gateway-0001,O=EST Station practice',
      password,
    },
  };
}

async function virtualDisplay(): Promise<Readonly<Record<string, string>>> {
  const display = await startVirtualDisplay();
  opened.push(() => display.stop());
  return display.environment;
}

/** The record of the first enrollment that ends, whoever started it. */
function firstEnd({ station }: ChromiumStation): Promise<EnrollmentRecord> {
  return new Promise((resolve) => {
    const stop = station.subscribe((event) => {
      if (event.name !== 'enrollment.ended') return;
      stop();
      resolve(event.payload);
    });
  });
}

/** Clicks and types through the wizard; a failure leaves a picture and the window's own words. */
async function walk(
  { window }: ChromiumStation,
  values: TypedValues,
  folder: DemoFolder,
  ended: Promise<EnrollmentRecord>,
): Promise<EnrollmentRecord> {
  const { page } = window;
  page.setDefaultTimeout(30_000);
  const picture = async (name: string) => {
    await page.screenshot({ path: folder.file(`${name}.png`), animations: 'disabled' });
    print(`  ${name}.png`);
  };
  try {
    const walked = walkWizard(page, values, picture).then(() => ended);
    return await Promise.race([walked, failedEnd(ended), deadline(), closedEarly(window.closed)]);
  } catch (error) {
    await picture('failure').catch(() => undefined);
    const shown = await problemShown(page).catch(() => null);
    if (shown !== null) say(`the window says: ${shown}`);
    throw error;
  }
}

/** Settles only when an enrollment ends other than well: then the wizard shows no result to wait for. */
async function failedEnd(ended: Promise<EnrollmentRecord>): Promise<never> {
  const { state, error } = await ended;
  if (state === 'done') return await new Promise(() => undefined);
  throw error === null
    ? new Error(`the enrollment ended as ${state}`)
    : StationError.fromData(error);
}

function deadline(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = new Error(`the walk did not end within ${autoMs / 1000} s`);
    setTimeout(() => reject(late), autoMs).unref();
  });
}

async function closedEarly(closed: Promise<void>): Promise<never> {
  await closed;
  throw new Error('the window was closed before the enrollment ended');
}

/** Tells a person what to type, and waits for the enrollment. */
async function accompany(
  { window }: ChromiumStation,
  values: TypedValues,
  ended: Promise<EnrollmentRecord>,
): Promise<EnrollmentRecord> {
  const groups = values.fingerprint.match(/.{4}/g) ?? [];
  print('The station window is open. What to type in it:');
  print(`  fingerprint  ${groups.slice(0, 8).join(' ')}`);
  print(`               ${groups.slice(8).join(' ')}`);
  print(`  module       ${values.module}`);
  print(
    `  token        any name, say ${values.tokenLabel}; PIN ${values.pin}, SO PIN ${values.soPin}`,
  );
  print(`  password     ${values.password}`);
  return await Promise.race([ended, closedEarly(window.closed)]);
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve());
    }
  });
}

async function interruptedBy(signal: Promise<void>): Promise<never> {
  await signal;
  throw new StationError('CANCEL-01', { step: 'demonstration' });
}

/** Writes record and certificates, lets other programs check them, and sums up. */
async function conclude(
  record: EnrollmentRecord,
  values: TypedValues,
  folder: DemoFolder,
): Promise<boolean> {
  await writeFile(folder.file('record.json'), `${JSON.stringify(record, null, 2)}\n`);
  const { certificate, caCertificates, keystore, state } = record;
  if (state !== 'done' || certificate === null || keystore === null) {
    if (record.error !== null) throw StationError.fromData(record.error);
    throw new Error(`the enrollment ended as ${state}`);
  }
  const files = {
    certificate: folder.file('certificate.pem'),
    root: folder.file('ca.pem'),
    intermediates: folder.file('ca-intermediates.pem'),
  };
  const isRoot = (ca: { readonly fingerprint: string }) => ca.fingerprint === values.fingerprint;
  const pems = (cas: typeof caCertificates) => cas.map(({ pem }) => `${pem.trim()}\n`).join('');
  await writeFile(files.certificate, `${certificate.pem.trim()}\n`);
  await writeFile(files.root, pems(caCertificates.filter(isRoot)));
  await writeFile(files.intermediates, pems(caCertificates.filter((ca) => !isRoot(ca))));
  const token = {
    module: values.module,
    configuration: folder.tokenConfiguration,
    label: tokenLabel(keystore.token),
    alias: keystore.alias,
    certificatePem: certificate.pem,
  };
  const checks = [await checkPath(files), await checkKey(token)];
  const lookCommand = `SOFTHSM2_CONF=${folder.tokenConfiguration} pkcs11-tool --module ${values.module} --list-objects`;
  for (const line of summaryLines({ record, checks, folder: folder.root, lookCommand }))
    print(line);
  return checks.every(({ verdict }) => verdict !== 'failed');
}

/** The label in `label (serial)`; a person may have given the token a name of their own. */
function tokenLabel(token: string): string {
  return /^(.*) \([^()]*\)$/.exec(token)?.[1] ?? token;
}

async function closeEverything(): Promise<void> {
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
    await close().catch((error: unknown) => say(`while closing: ${String(error)}`));
  }
}

function tell(error: unknown): number {
  if (!(error instanceof StationError)) {
    say(error instanceof Error ? error.message : String(error));
    return exitCodes.internal;
  }
  const { code, message, cause, waysOut } = error.toData();
  say(`${code} ${message} ${cause}`);
  for (const way of waysOut) say(`  ${way}`);
  return error.exitCode;
}

const exitCode = await main().catch(tell);
await closeEverything();
// Whatever an interrupted demonstration was still opening ends here.
process.exit(exitCode);
