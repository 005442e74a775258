import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { openStore } from './open-store.ts';

const on = (day: number) => `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;

const list = (series: string, from: number, until: number) => ({
  series,
  der: Buffer.from(`${series} ${from}`),
  thisUpdate: on(from),
  nextUpdate: on(until),
});

test('the newest list of each series counts, from its thisUpdate to its nextUpdate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'est-lists-'));
  onTestFinished(() => discardFolder(folder));
  const store = await openStore(folder);
  onTestFinished(() => store.close());
  const { keep, inForce } = store.revocationLists;
  const seriesOn = async (day: number, server = 'a') =>
    (await inForce(server, on(day))).map(({ der }) => der.toString());

  await keep('a', [list('root', 2, 20), list('issuing', 2, 9)], on(3));
  expect(await seriesOn(1)).toEqual([]);
  expect(await seriesOn(2)).toEqual(['issuing 2', 'root 2']);
  expect(await seriesOn(10)).toEqual(['root 2']);
  expect(await seriesOn(5, 'b')).toEqual([]);

  await keep('a', [list('issuing', 5, 12)], on(6));
  await keep('a', [list('issuing', 3, 15)], on(6));
  expect(await seriesOn(7)).toEqual(['issuing 5', 'root 2']);

  // What is out of date goes, so that a list older than it may come: it is in force, at least.
  await keep('a', [list('issuing', 3, 15)], on(13));
  expect(await seriesOn(13)).toEqual(['issuing 3', 'root 2']);
});
