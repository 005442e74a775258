import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { openStore } from './open-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-store-'));
});

afterEach(async () => {
  await discardFolder(folder);
});

const storeModule = new URL('./open-store.ts', import.meta.url).href;

/** A program of its own: opens the store in its second argument and runs `body`. */
const program = (body: string) => `
  import { writeSync } from 'node:fs';
  import { openStore } from ${JSON.stringify(storeModule)};
  const [folder, name] = process.argv.slice(1);
  const store = await openStore(folder);
  const at = new Date().toISOString();
  const entry = (index) =>
    ({ enrollmentId: name, phase: 'after', state: 'planned', at, evidence: { index } });
  const event = (index) =>
    ({ at, who: name, what: 'test', token: null, certificate: null, details: { index } });
  ${body}
  await store.close();
`;

const run = (body: string, name: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', program(body), folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

describe('a process that is killed', () => {
  it('loses no record it was told to be durable, and leaves the chain whole', async () => {
    const child = run(
      `for (let index = 1; ; index += 1) {
         await store.journal.append(entry(index), { durable: index % 2 === 0 });
         const { sequence } = await store.audit.append(event(index));
         writeSync(1, sequence + '\\n');
       }`,
      'killed',
    );
    const exit = once(child, 'exit');
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 60) child.kill('SIGKILL');
    }
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(acknowledged).toBeGreaterThanOrEqual(60);

    const store = await openStore(folder);
    const verdict = await store.audit.verify();
    const journal = await store.journal.read({ enrollmentId: 'killed', limit: 100_000 });
    await store.close();

    expect(verdict.intact).toBe(true);
    expect(verdict.records).toBeGreaterThanOrEqual(acknowledged);
    expect(journal.map(({ evidence }) => evidence.index).slice(0, acknowledged)).toEqual(
      Array.from({ length: acknowledged }, (_, index) => index + 1),
    );
  });
});

describe('several processes', () => {
  it('make one chain', async () => {
    const names = ['window', 'command', 'watcher'];
    const each = 40;
    const exits = names.map(async (name) => {
      const child = run(
        `for (let index = 0; index < ${each}; index += 1) await store.audit.append(event(index));`,
        name,
      );
      const [code] = await once(child, 'exit');
      return code;
    });
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);

    const store = await openStore(folder);
    const verdict = await store.audit.verify();
    const records = await store.audit.read({ limit: 1000 });
    await store.close();

    expect(verdict).toMatchObject({ intact: true, records: names.length * each });
    for (const name of names) {
      const own = records.filter(({ who }) => who === name);
      expect(own.map(({ details }) => details.index)).toEqual(
        Array.from({ length: each }, (_, i) => i),
      );
    }
  });

  it('tasks of one process take turns', async () => {
    const store = await openStore(folder);
    const at = new Date().toISOString();
    const event = { at, who: 'ada', what: 'test', token: null, certificate: null, details: {} };
    await Promise.all(Array.from({ length: 50 }, () => store.audit.append(event)));
    expect(await store.audit.verify()).toMatchObject({ intact: true, records: 50 });
    await store.close();
  });
});

describe('a durable append', () => {
  const hasStrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;

  it('has the log on the disk before it resolves, an ordered one does not wait', async (context) => {
    if (!hasStrace) context.skip('strace is not here or may not trace: fsync was NOT observed');
    const trace = join(folder, 'trace');
    const body = `
      await store.journal.append(entry(0), { durable: true });
      writeSync(1, 'ordered begins');
      await store.journal.append(entry(1), { durable: false });
      writeSync(1, 'durable begins');
      await store.journal.append(entry(2), { durable: true });
      writeSync(1, 'durable resolved');`;
    const traced = ['-f', '-y', '-o', trace, '-e', 'trace=fsync,fdatasync,write', process.execPath];
    const child = spawn(
      'strace',
      [...traced, '--input-type=module', '-e', program(body), folder, 'traced'],
      { stdio: 'ignore' },
    );
    expect((await once(child, 'exit'))[0]).toBe(0);

    const lines = (await readFile(trace, 'utf8')).split('\n');
    const at = (text: string) => lines.findIndex((line) => line.includes(text));
    const synced = (from: string, to: string) =>
      lines
        .slice(at(from), at(to))
        .filter((line) => /(fsync|fdatasync)\(\d+<.*station\.db-wal>/.test(line)).length;
    expect(at('durable resolved')).toBeGreaterThan(at('ordered begins'));
    expect(synced('ordered begins', 'durable begins')).toBe(0);
    expect(synced('durable begins', 'durable resolved')).toBeGreaterThan(0);
  });
});
