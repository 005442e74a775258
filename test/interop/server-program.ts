import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { closedPort, type Loopback } from '../loopback.ts';

/** A foreign server that runs. */
export interface ServerProgram extends Loopback {
  /** Waits until it has printed this. */
  prints(text: string): Promise<void>;
}

/** Starts a server program on a free port and waits until it takes connections. @throws when it ends before that. */
export async function startProgram(
  program: string,
  argsFor: (port: number) => readonly string[] | Promise<readonly string[]>,
  cwd: string,
): Promise<ServerProgram> {
  const port = await closedPort();
  const child = spawn(program, [...(await argsFor(port))], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  const note = (part: Buffer) => {
    printed = (printed + part.toString()).slice(-65_536);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = once(child, 'exit');
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${program} ended: ${printed}`);
    }
    await setTimeout(20);
  }
  return {
    port,
    async prints(text) {
      while (!printed.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`${program} ended: ${printed}`);
        }
        await setTimeout(20);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function accepts(port: number): Promise<boolean> {
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
