import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { folderOfEachTest } from '../../test/folder-of-each-test.ts';
import {
  alterDatabase,
  anchor,
  enrollment,
  entry,
  event,
  profile,
} from '../../test/store-examples.ts';
import { databaseFile, openStore } from './open-store.ts';

const folder = folderOfEachTest();
const file = () => join(folder.path, databaseFile);
describe('what is stored', () => {
  it('is there again after closing', async () => {
    const first = await openStore(folder.path);
    await first.journal.append(entry('e1', 1), { durable: true });
    await first.audit.append(event);
    await first.trust.add('est.example:443', anchor('root', 'explicit'));
    await first.profiles.save(profile('p'));
    await first.enrollments.save(enrollment('e1'));
    await first.close();

    const second = await openStore(folder.path);
    expect(await second.journal.read({ limit: 9 })).toEqual([{ ...entry('e1', 1), sequence: 1 }]);
    expect(await second.audit.read({ limit: 9 })).toMatchObject([{ ...event, sequence: 1 }]);
    expect(await second.trust.anchors('est.example:443')).toEqual([anchor('root', 'explicit')]);
    expect(await second.profiles.list()).toEqual([profile('p')]);
    expect(await second.enrollments.get('e1')).toEqual(enrollment('e1'));
    await second.close();
  });

  it('lies in a folder and files no other account can read', async () => {
    const inner = join(folder.path, 'a', 'b');
    const store = await openStore(inner);
    await store.audit.append(event);
    const modes = async (...paths: string[]) =>
      await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o777));
    expect(await modes(join(folder.path, 'a'), inner)).toEqual([0o700, 0o700]);
    const path = join(inner, databaseFile);
    expect(await modes(path, `${path}-wal`, `${path}-shm`)).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  it('leaves the permissions of a folder that was there', async () => {
    const shared = join(folder.path, 'shared');
    await mkdir(shared, { mode: 0o755 });
    await (await openStore(shared)).close();
    expect((await stat(shared)).mode & 0o777).toBe(0o755);
  });
});

describe('the journal', () => {
  it('gives the newest entries, oldest first, of one enrollment or of all', async () => {
    const store = await openStore(folder.path);
    for (let index = 1; index <= 6; index += 1) {
      await store.journal.append(entry(index % 2 === 0 ? 'even' : 'odd', index), {
        durable: false,
      });
    }
    const indexes = async (query: { enrollmentId?: string; limit: number }) =>
      (await store.journal.read(query)).map(({ evidence }) => evidence.index);
    expect(await indexes({ limit: 3 })).toEqual([4, 5, 6]);
    expect(await indexes({ enrollmentId: 'even', limit: 2 })).toEqual([4, 6]);
    expect(await indexes({ enrollmentId: 'none', limit: 2 })).toEqual([]);
    await store.close();
  });
});

describe('profiles', () => {
  it('are kept one per name', async () => {
    const store = await openStore(folder.path);
    await store.profiles.save(profile('b'));
    await store.profiles.save(profile('a'));
    await store.profiles.save(profile('b', 'CN=changed'));
    expect(await store.profiles.list()).toEqual([profile('a'), profile('b', 'CN=changed')]);
    await store.close();
  });
});

describe('opening', () => {
  it.each(['/dev/null', '/dev/null/station', '/proc/station'])(
    'tells that %s cannot be written',
    async (path) => {
      await expect(openStore(path)).rejects.toMatchObject({
        code: 'STORE-01',
        params: { path },
      });
    },
  );

  it.each([
    ['text', 'not a database at all, '.repeat(200)],
    ['zeros', '\0'.repeat(8192)],
    ['the first page of a database alone', `SQLite format 3\0${'\0'.repeat(84)}`],
  ])('tells that a file of %s is damaged, and leaves it', async (_, content) => {
    await writeFile(file(), content);
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'STORE-03' });
    expect(await readFile(file(), 'utf8')).toBe(content);
  });

  it('tells that a database of another program is none of its own, and leaves its tables', async () => {
    alterDatabase(file(), 'create table bookmarks (url text)');
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'STORE-03' });
    const database = new DatabaseSync(file());
    expect(database.prepare('select name from sqlite_schema').all()).toHaveLength(1);
    database.close();
  });

  it('refuses a newer version and changes nothing', async () => {
    await (await openStore(folder.path)).close();
    alterDatabase(file(), 'update schema_version set version = version + 1');
    const before = await readFile(file());
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'STORE-07' });
    expect(await readFile(file())).toEqual(before);
  });

  it('tells when another program holds the database for too long, and works once it lets go', async () => {
    await (await openStore(folder.path)).close();
    const other = new DatabaseSync(file());
    other.exec('begin immediate');
    const store = await openStore(folder.path, { patienceMs: 100 });
    await expect(store.audit.append(event)).rejects.toMatchObject({ code: 'STORE-06' });
    expect(await store.audit.verify()).toMatchObject({ intact: true, records: 0 });
    other.exec('rollback');
    other.close();
    expect(await store.audit.append(event)).toMatchObject({ sequence: 1 });
    await store.close();
  });

  it('waits for another program without blocking its own', async () => {
    const store = await openStore(folder.path);
    const other = new DatabaseSync(file());
    other.exec('begin immediate');
    const appended = store.audit.append(event);
    // A blocked process would never come to let go.
    setTimeout(() => other.exec('commit'), 150);
    expect(await appended).toMatchObject({ sequence: 1 });
    other.close();
    await store.close();
  });
});

describe('a full disk', () => {
  it('is told, leaves the chain whole, and is survived once there is room', async (context) => {
    const disk = join(folder.path, 'disk');
    await mkdir(disk);
    const options = ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk];
    const mounted = process.platform === 'linux' && spawnSync('mount', options).status === 0;
    if (!mounted) context.skip('no small disk can be mounted here: a full one was NOT tried');
    try {
      const store = await openStore(join(disk, 'data'));
      await store.audit.append(event);
      const { bavail, bsize } = await statfs(disk);
      await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 2 * bsize));

      const append = async () => {
        for (let index = 0; index < 200; index += 1) await store.audit.append(event);
      };
      await expect(append()).rejects.toMatchObject({ code: 'STORE-02' });
      await expect(store.journal.append(entry('e', 1), { durable: true })).rejects.toMatchObject({
        code: 'STORE-02',
      });
      const { records } = await store.audit.verify();
      await rm(join(disk, 'filler'));
      expect(await store.audit.append(event)).toMatchObject({ sequence: records + 1 });
      expect(await store.audit.verify()).toMatchObject({ intact: true, records: records + 1 });
      await store.close();

      const { bavail: left } = await statfs(disk);
      await writeFile(join(disk, 'filler'), Buffer.alloc(left * bsize));
      await expect(openStore(join(disk, 'other'))).rejects.toMatchObject({ code: 'STORE-02' });
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
