import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { discardFolder } from './discard-folder.ts';
import { freePortPair } from './free-ports.ts';

const library = (name: string) =>
  ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path));

const runs = (program: string) =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

/** tpm2-pkcs11's module; undefined where it, a TPM in software or what shares that is not installed. */
export const tpmModule =
  library('libtss2-tcti-tabrmd.so.0') !== undefined &&
  ['swtpm', 'tpm2-abrmd', 'dbus-daemon', 'dbus-send', 'setpriv'].every(runs)
    ? library('libtpm2_pkcs11.so.1')
    : undefined;

/** A TPM in software of its own, without tokens. */
export interface Swtpm {
  /** What the process that loads tpm2-pkcs11 needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it and removes everything. */
  cleanup(): Promise<void>;
}

/**
 * Starts swtpm and a resource manager on a bus of its own: a TPM holds three objects at a time, and tpm2-pkcs11 leaves
 * the swapping to the manager.
 */
export async function startSwtpm(): Promise<Swtpm> {
  const dir = await mkdtemp(join(tmpdir(), 'est-tpm-'));
  const programs: ChildProcess[] = [];
  const start = (...args: readonly string[]) => {
    const options = { env: { ...process.env, ...busAt(dir) }, stdio: 'ignore' } as const;
    const program = spawn('setpriv', ['--pdeathsig', 'KILL', ...args], options);
    programs.push(program);
    return program;
  };
  await mkdir(join(dir, 'store'));
  await mkdir(join(dir, 'state'));
  const port = await freePortPair();
  const at = (number: number) => `type=tcp,port=${number},bindaddr=127.0.0.1`;
  const tpm = start(
    ...['swtpm', 'socket', '--tpm2', '--tpmstate', `dir=${join(dir, 'state')}`],
    ...['--server', at(port), '--ctrl', at(port + 1)],
    ...['--flags', 'not-need-init,startup-clear'],
  );
  // The other port serves one client, the manager.
  await until(tpm, () => takesConnections(port + 1));
  await writeFile(join(dir, 'bus.conf'), busConfiguration(dir));
  const bus = start('dbus-daemon', `--config-file=${join(dir, 'bus.conf')}`, '--nofork');
  await until(bus, async () => existsSync(join(dir, 'bus')));
  const manager = start(
    ...['tpm2-abrmd', '--session', '--allow-root', '--flush-all'],
    `--tcti=swtpm:host=127.0.0.1,port=${port}`,
  );
  await until(manager, async () => ownsItsName(dir));
  return {
    env: {
      ...busAt(dir),
      TPM2_PKCS11_TCTI: 'tabrmd:bus_type=session',
      TPM2_PKCS11_STORE: join(dir, 'store'),
      TSS2_LOG: 'all+none',
    },
    async cleanup() {
      for (const program of programs.reverse()) await end(program);
      await discardFolder(dir);
    },
  };
}

const busAt = (dir: string) => ({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(dir, 'bus')}` });

function busConfiguration(dir: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${join(dir, 'bus')}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

function ownsItsName(dir: string): boolean {
  const asked = spawnSync(
    'dbus-send',
    [
      ...['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/'],
      ...['org.freedesktop.DBus.GetNameOwner', 'string:com.intel.tss2.Tabrmd'],
    ],
    { env: { ...process.env, ...busAt(dir) }, stdio: 'ignore' },
  );
  return asked.status === 0;
}

async function until(program: ChildProcess, ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await ready()); tries += 1) {
    if (program.exitCode !== null || tries > 400) {
      throw new Error(`${program.spawnargs.at(3)} does not start`);
    }
    await pause(25);
  }
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exit = once(program, 'exit');
  program.kill('SIGKILL');
  await exit;
}
