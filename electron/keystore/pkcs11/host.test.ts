import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import type { HostProcess, ProcessLauncher } from '../process-launcher.ts';
import { createTokenBridge } from './bridge.ts';
import { defaultDeadlines, HostClient } from './host-client.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const options = {
  module: '/lib/any.so',
  libraryParameters: null,
  idleMs: 60_000,
  deadlines: defaultDeadlines,
};

let softhsm: SoftHsm;
beforeAll(async () => {
  softhsm = await makeSoftHsm();
});
afterAll(() => softhsm.cleanup());

/** True while the process is there and no zombie: in a container nobody may collect it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A launcher whose processes say when they end. */
function watching(launcher: ProcessLauncher) {
  const ends: Promise<unknown>[] = [];
  return {
    ends,
    launch(entry: 'keystore-host') {
      const host = launcher.launch(entry);
      ends.push(new Promise((resolve) => host.onExit(resolve)));
      return host;
    },
  };
}

describe('the key process', () => {
  test('ends after idling, and the login with it', async () => {
    const { serial, pin } = await softhsm.makeToken({ label: 'idle' });
    const launcher = watching(nodeProcessLauncher({ env: softhsm.env }));
    const bridge = createTokenBridge(launcher, { idleMs: 300 });
    const keystore = await bridge.openToken({
      module: softhsm.module,
      selector: { serial },
      pin: secret(pin),
    });
    expect(await launcher.ends[0]).toEqual({ code: 0, signal: null });
    await expect(keystore.entries()).rejects.toMatchObject({ code: 'PIN-08' });
    await bridge.close();
  });

  test('ends when its parent goes away', async () => {
    const host = fork(fileURLToPath(new URL('./host.ts', import.meta.url)), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    host.send({ id: 1, call: 'list-tokens', input: null });
    await once(host, 'message');
    host.disconnect();
    expect(await once(host, 'exit')).toEqual([0, null]);
  });

  test('ends when its parent is killed while the module hangs', { timeout: 30_000 }, async () => {
    const faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
    await faulty.script('C_GetSlotList hang');
    const program = `
      import { fork } from 'node:child_process';
      const host = fork(process.argv[1], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      const module = process.argv[2];
      host.send({ id: 1, call: 'start', input: { module, libraryParameters: null, idleMs: 60000 } });
      host.send({ id: 2, call: 'list-tokens', input: null });
      process.stdout.write(String(host.pid) + ' ');`;
    const host = fileURLToPath(new URL('./host.ts', import.meta.url));
    const parent = spawn(
      process.execPath,
      ['--input-type=module', '-e', program, host, faulty.module],
      {
        env: { ...process.env, ...softhsm.env, ...faulty.env },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const [printed] = await once(parent.stdout, 'data');
    const pid = Number(String(printed));
    onTestFinished(() => {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    });
    await expect.poll(faulty.calls, { timeout: 20_000 }).toContain('C_GetSlotList');
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });

  test('that cannot be run is no module’s fault', async () => {
    const launcher = nodeProcessLauncher({ entries: { 'keystore-host': '/nowhere/host.ts' } });
    await expect(HostClient.start(launcher, options)).rejects.toMatchObject({ code: 'MODULE-06' });
  });

  test('is refused a message of another shape without quoting it', async () => {
    const host = nodeProcessLauncher().launch('keystore-host');
    const answer = new Promise((resolve) => host.onMessage(resolve));
    host.send({ id: 7, call: 'login', input: { pin: 'a-secret-text' } });
    const told = await answer;
    expect(told).toMatchObject({ id: 7, error: { code: 'INTERNAL-01' } });
    expect(JSON.stringify(told)).not.toContain('a-secret-text');
    host.kill();
  });
});

describe('the parent', () => {
  /** A process that answers whatever `answers` says. */
  function answering(answer: (message: { id: number; call: string }) => unknown): HostProcess {
    let tell: (message: unknown) => void = () => undefined;
    return {
      send: (message) =>
        queueMicrotask(() => tell(answer(message as { id: number; call: string }))),
      onMessage: (listener) => {
        tell = listener;
      },
      onExit: () => undefined,
      kill: () => undefined,
    };
  }

  test.each([
    ['nothing', () => null],
    ['another call’s number', ({ id }: { id: number }) => ({ id: id + 1, result: null })],
    ['a wrong result', ({ id }: { id: number }) => ({ id, result: 'tokens' })],
    ['a wrong error', ({ id }: { id: number }) => ({ id, error: { code: 'PIN-01' } })],
  ])('takes %s for a crash', async (_, answer) => {
    const host = answering((message) =>
      message.call === 'start' ? { id: message.id, result: null } : answer(message),
    );
    const client = await HostClient.start({ launch: () => host }, options);
    await expect(client.call('list-tokens', null)).rejects.toMatchObject({ code: 'MODULE-04' });
    await expect(client.call('list-tokens', null)).rejects.toMatchObject({ code: 'PIN-08' });
  });

  test('zeroes a secret even when the process has gone', async () => {
    const host = answering(({ id }) => ({ id, result: null }));
    const client = await HostClient.start({ launch: () => host }, options);
    client.kill();
    const pin = secret('123456');
    const login = client.call('login', { pin, finalTryConfirmed: false }, { secrets: [pin] });
    await expect(login).rejects.toMatchObject({ code: 'PIN-08' });
    expect(pin.every((byte) => byte === 0)).toBe(true);
  });
});
