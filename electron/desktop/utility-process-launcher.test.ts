import { EventEmitter } from 'node:events';
import type { ForkOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { utilityProcessLauncher } from './utility-process-launcher.ts';

class FakeChild extends EventEmitter {
  pid: number | undefined = 4711;
  readonly sent: unknown[] = [];
  terminated = 0;

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  kill(): boolean {
    this.terminated += 1;
    return true;
  }
}

function launched() {
  const child = new FakeChild();
  const killed: number[] = [];
  const forks: { file: string; options: ForkOptions }[] = [];
  const launcher = utilityProcessLauncher({
    fork: (file, _args, options) => {
      forks.push({ file, options });
      return child;
    },
    entries: { 'keystore-host': '/app/dist/keystore-host.js' },
    killProcess: (pid) => killed.push(pid),
  });
  return { child, killed, forks, host: launcher.launch('keystore-host') };
}

describe('host processes under Electron', () => {
  it('run the entry’s file, may load vendor libraries, and print nowhere', () => {
    const { forks } = launched();
    expect(forks[0]?.file).toBe('/app/dist/keystore-host.js');
    expect(forks[0]?.options).toMatchObject({
      allowLoadingUnsignedLibraries: true,
      stdio: 'ignore',
      execArgv: [],
    });
    expect(forks[0]?.options.env).not.toHaveProperty('NODE_OPTIONS');
  });

  it('pass messages in both directions until they end', () => {
    const { child, host } = launched();
    const arrived: unknown[] = [];
    const ends: unknown[] = [];
    host.onMessage((message) => arrived.push(message));
    host.onExit((end) => ends.push(end));
    host.send({ call: 1 });
    child.emit('message', { answer: 1 });
    child.emit('exit', 3);
    child.emit('exit', 3);
    host.send({ call: 2 });
    expect(child.sent).toEqual([{ call: 1 }]);
    expect(arrived).toEqual([{ answer: 1 }]);
    expect(ends).toEqual([{ code: 3, signal: null }]);
  });

  it('are killed for certain, and only while they run', () => {
    const { child, killed, host } = launched();
    host.kill();
    child.emit('exit', 9);
    host.kill();
    expect(killed).toEqual([4711]);
  });

  it('are ended through Electron as long as they have no process id', () => {
    const { child, killed, host } = launched();
    child.pid = undefined;
    host.kill();
    expect(killed).toEqual([]);
    expect(child.terminated).toBe(1);
  });
});
