import { once } from 'node:events';
import { mkdtemp, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

let softhsm: SoftHsm;
let home: string;
beforeAll(async () => {
  softhsm = await makeSoftHsm();
  home = await mkdtemp(join(tmpdir(), 'est-watch-'));
});
afterAll(async () => {
  await softhsm.cleanup();
  await discardFolder(home);
});

interface Told {
  readonly event: string;
  readonly token?: { readonly label: string; readonly initialised: boolean };
}

test('tokens that come and go are told one line each', { timeout: 60_000 }, async () => {
  await softhsm.makeToken({ label: 'steady' });
  const watch = startCommand(['tokens', '--module', softhsm.module, '--watch', '--json'], {
    ...softhsm.env,
    EST_STATION_HOME: home,
  });
  onTestFinished(() => void watch.kill('SIGKILL'));
  const told: Told[] = [];
  if (watch.stdout === null) throw new Error('no output');
  createInterface(watch.stdout).on('line', (line) => {
    const parsed: Told = JSON.parse(line);
    if (parsed.token?.initialised !== false) told.push(parsed);
  });
  const labels = () => told.map(({ event, token }) => `${event} ${token?.label}`);
  await expect.poll(labels, { timeout: 20_000 }).toEqual(['present steady']);
  const folder = join(softhsm.dir, 'tokens');
  const before = await readdir(folder);
  const newFolder = async () =>
    join(folder, (await readdir(folder)).find((name) => !before.includes(name)) ?? '');
  await softhsm.makeToken({ label: 'gateway' });
  await expect.poll(labels, { timeout: 20_000 }).toContain('arrived gateway');
  const plugged = await newFolder();
  const pulled = join(softhsm.dir, 'pulled');
  await rename(plugged, pulled);
  await expect.poll(labels, { timeout: 20_000 }).toContain('removed gateway');
  await rename(pulled, plugged);
  await expect
    .poll(() => labels().filter((line) => line === 'arrived gateway'), { timeout: 20_000 })
    .toHaveLength(2);
  watch.kill('SIGINT');
  const [code] = await once(watch, 'exit');
  expect(code).toBe(0);
});
