import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { openStore } from './open-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-running-'));
});

afterEach(async () => {
  await discardFolder(folder);
});

const program = `
  import { openStore } from ${JSON.stringify(new URL('./open-store.ts', import.meta.url).href)};
  const store = await openStore(process.argv[1]);
  console.log(await store.running.claim('one'));
  setInterval(() => {}, 1000);
`;

describe('an enrollment that is being worked on', () => {
  it('belongs to one store at a time, and is free after its release', async () => {
    const first = await openStore(folder);
    const second = await openStore(folder);
    expect(await first.running.claim('one')).toBe(true);
    expect(await first.running.claim('one')).toBe(false);
    expect(await second.running.claim('one')).toBe(false);
    expect(await second.running.abandoned()).toEqual([]);
    await first.running.release('one');
    expect(await second.running.claim('one')).toBe(true);
    await second.close();
    await first.close();
  });

  it('is found again when its store was closed without releasing it', async () => {
    const first = await openStore(folder);
    await first.running.claim('one');
    await first.close();
    const second = await openStore(folder);
    expect(await second.running.abandoned()).toEqual(['one']);
    expect(await second.running.claim('one')).toBe(true);
    expect(await second.running.abandoned()).toEqual([]);
    await second.close();
    expect(await readdir(join(folder, 'processes'))).toEqual([]);
  });

  it('stays with a living process, and is found again when that is killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const [answer] = await once(child.stdout, 'data');
    expect(String(answer)).toBe('true\n');
    const store = await openStore(folder);
    expect(await store.running.claim('one')).toBe(false);
    expect(await store.running.abandoned()).toEqual([]);
    child.kill('SIGKILL');
    await exit;
    expect(await store.running.abandoned()).toEqual(['one']);
    await store.close();
    expect(await readdir(join(folder, 'processes'))).toEqual([]);
  });
});
