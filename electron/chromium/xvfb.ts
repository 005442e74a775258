import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** A screen nobody sees, for automated runs. */
export interface VirtualDisplay {
  /** DISPLAY and XAUTHORITY for the programs that shall use it. */
  readonly environment: Readonly<Record<'DISPLAY' | 'XAUTHORITY', string>>;
  stop(): Promise<void>;
}

const startMs = 15_000;

/**
 * Starts Xvfb on a free display of its own choosing, locked with a cookie, without a TCP port.
 * It ends with `stop` and at the latest with this process.
 * @throws Error when Xvfb is missing or does not come up within 15 s.
 */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'est-station-display-'));
  const authority = path.join(folder, 'Xauthority');
  await writeFile(authority, anyDisplayCookie(randomBytes(16)), { mode: 0o600 });
  const child = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-auth', authority],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const end = () => child.kill('SIGKILL');
  process.on('exit', end);
  const stop = async () => {
    process.off('exit', end);
    await terminate(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const display = await displayNumber(child);
    return { environment: { DISPLAY: `:${display}`, XAUTHORITY: authority }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Xvfb writes the number of the display it took to the pipe it was given, with a line feed. */
function displayNumber(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not come up in 15 s')), startMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      finish();
    };
    let text = '';
    (child.stdio[3] as Readable).setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const number = /^(\d+)\n/.exec(text)?.[1];
      if (number !== undefined) settle(() => resolve(number));
    });
    child.on('error', (error) => settle(() => reject(error)));
    child.on('exit', () => settle(() => reject(new Error('Xvfb ended at once'))));
  });
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

/**
 * An Xauthority file of one MIT-MAGIC-COOKIE-1 for any host and display (FamilyWild), since the
 * display's number is not known beforehand. Fields are big-endian: family, address, number, name, data.
 */
function anyDisplayCookie(cookie: Buffer): Buffer {
  const field = (content: Buffer) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(content.length);
    return Buffer.concat([length, content]);
  };
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(Buffer.alloc(0)),
    field(Buffer.alloc(0)),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(cookie),
  ]);
}
