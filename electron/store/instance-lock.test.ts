import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { acquireInstanceLock } from './instance-lock.ts';
import { openStore } from './open-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-lock-'));
});

afterEach(async () => {
  await discardFolder(folder);
});

/** Another process that holds the lock until it is ended; resolves when it has it. */
async function otherWindow() {
  const module = JSON.stringify(new URL('./instance-lock.ts', import.meta.url).href);
  const program = `
    import { acquireInstanceLock } from ${module};
    const lock = await acquireInstanceLock(process.argv[1]);
    console.log('held');
    process.stdin.resume().on('end', () => lock.release());
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the window’s lock', () => {
  it('keeps a second process out until the first lets go', async () => {
    const other = await otherWindow();
    await expect(acquireInstanceLock(folder)).rejects.toMatchObject({ code: 'STORE-05' });
    other.stdin.end();
    await once(other, 'exit');
    const lock = await acquireInstanceLock(folder);
    await lock.release();
  });

  it('is free again after the process that held it was killed', async () => {
    const other = await otherWindow();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = await acquireInstanceLock(folder);
    await lock.release();
  });

  it('keeps a second one of the same process out, and can be taken again', async () => {
    const first = await acquireInstanceLock(folder);
    await expect(acquireInstanceLock(folder)).rejects.toMatchObject({ code: 'STORE-05' });
    await first.release();
    await first.release();
    const second = await acquireInstanceLock(folder);
    await second.release();
  });

  it('does not hinder the database', async () => {
    const lock = await acquireInstanceLock(folder);
    const store = await openStore(folder);
    expect(await store.audit.verify()).toMatchObject({ intact: true });
    await store.close();
    await lock.release();
  });

  it('tells a folder that cannot be written', async () => {
    await expect(acquireInstanceLock('/dev/null/station')).rejects.toMatchObject({
      code: 'STORE-01',
    });
  });
});
