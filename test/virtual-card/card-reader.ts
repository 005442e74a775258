import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { discardFolder } from '../discard-folder.ts';
import { freePortPair } from '../free-ports.ts';
import type { PivCard } from './piv-card.ts';

/** T=1 and no historical bytes: nothing that a driver would take for a card it knows. */
const answerToReset = Buffer.from('3b800181', 'hex');
const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const openScModule = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/opensc-pkcs11.so`)
  .find((path) => existsSync(path));

/** pcscd keeps its socket at one place: a mount of its own lets several run side by side. */
const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const inOwnPlace =
  'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0/ipc" /run/pcscd && exec setpriv --pdeathsig KILL pcscd -f -c "$0/readers"';

/** Why no virtual card can be played here; null when one can. */
export function noVirtualCard(): string | null {
  if (process.platform !== 'linux') return 'virtual cards need Linux';
  if (openScModule === undefined) return 'opensc-pkcs11 is not installed';
  if (!existsSync(driver)) return 'vsmartcard-vpcd is not installed';
  const daemon = spawnSync('pcscd', ['--version'], { stdio: 'ignore' });
  if (daemon.status !== 0) return 'pcscd is not installed';
  const mount = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'none', '/run']);
  return mount.status === 0 ? null : 'pcscd can have no place of its own here';
}

/** A card reader that a program plays: a pcscd of its own, with the ports and the socket of nobody else. */
export class CardReader {
  /** OpenSC's PKCS#11 module. */
  readonly module = openScModule ?? '';
  /** What the process that loads the module needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #dir: string;
  readonly #port: number;
  readonly #daemon: ChildProcess;
  #line: Socket | null = null;

  private constructor(dir: string, port: number, daemon: ChildProcess) {
    this.#dir = dir;
    this.#port = port;
    this.#daemon = daemon;
    this.env = { PCSCLITE_CSOCK_NAME: join(dir, 'ipc', 'pcscd.comm') };
  }

  /** Starts pcscd with an empty reader. Throws where `noVirtualCard` says why. */
  static async start(): Promise<CardReader> {
    const dir = await mkdtemp(join(tmpdir(), 'est-card-'));
    await mkdir(join(dir, 'ipc'));
    await mkdir(join(dir, 'readers'));
    // The driver's reader has two slots, on neighbouring ports.
    const port = await freePortPair();
    await writeFile(
      join(dir, 'readers', 'virtual'),
      `FRIENDLYNAME "Virtual reader"\nDEVICENAME /dev/null:${port}\nLIBPATH ${driver}\nCHANNELID ${port}\n`,
    );
    const daemon = spawn('unshare', [...unshare, 'sh', '-c', inOwnPlace, dir], { stdio: 'ignore' });
    const reader = new CardReader(dir, port, daemon);
    for (let tries = 0; !existsSync(reader.env.PCSCLITE_CSOCK_NAME ?? ''); tries += 1) {
      if (daemon.exitCode !== null || tries > 400) throw new Error('pcscd does not start');
      await pause(25);
    }
    return reader;
  }

  /** Puts the card into the reader. */
  async insert(card: PivCard): Promise<void> {
    const line = connect(this.#port, '127.0.0.1');
    await once(line, 'connect');
    card.reset();
    this.#line = line;
    let received: Buffer = Buffer.alloc(0);
    line.on('error', () => undefined);
    line.on('data', (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
        const size = received.readUInt16BE();
        const answer = answerTo(card, received.subarray(2, 2 + size));
        received = received.subarray(2 + size);
        if (answer !== null && !line.destroyed) line.write(framed(answer));
      }
    });
  }

  /** Pulls the card, whatever it is doing. */
  pull(): void {
    this.#line?.destroy();
    this.#line = null;
  }

  /** Ends pcscd and removes what it left. */
  async close(): Promise<void> {
    this.pull();
    if (this.#daemon.exitCode === null && this.#daemon.signalCode === null) {
      const exit = once(this.#daemon, 'exit');
      this.#daemon.kill('SIGKILL');
      await exit;
    }
    await discardFolder(this.#dir);
  }
}

/** vpcd's controls are one octet long, commands are longer; null where it waits for no answer. */
function answerTo(card: PivCard, message: Buffer): Buffer | null {
  if (message.length > 1) return card.transmit(message);
  if (message[0] === 4) return answerToReset;
  card.reset();
  return null;
}

function framed(data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(data.length >> 8, data.length & 0xff), data]);
}
