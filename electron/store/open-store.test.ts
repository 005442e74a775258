import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { databaseFile, openStore } from './open-store.ts';
import type { JournalEntry, TrustAnchor } from './store.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-store-'));
  file = join(folder, databaseFile);
});

afterEach(async () => {
  await discardFolder(folder);
});

const at = '2026-02-03T04:05:06.000Z';
const entry = (enrollmentId: string, index: number): JournalEntry => ({
  enrollmentId,
  phase: index % 2 === 0 ? 'before' : 'after',
  state: 'planned',
  at,
  evidence: { index, answer: null, ok: true },
});
const event = { at, who: 'ada', what: 'test', token: null, certificate: null, details: {} };

const anchor = (bytes: string, kind: TrustAnchor['kind'], confirmedBy = 'ada'): TrustAnchor => {
  const der = Buffer.from(bytes);
  const fingerprint = createHash('sha256').update(der).digest('hex').toUpperCase();
  return {
    der,
    fingerprint,
    kind,
    source: 'operator',
    confirmedBy,
    confirmedAt: at,
    successorOf: null,
  };
};

const profile = (name: string, subject = 'CN=a'): Profile =>
  profileSchema.parse({
    name,
    server: { endpoint: 'est.example' },
    keystore: { kind: 'software', path: '/keys' },
    request: { subject },
  });

const enrollment = (
  enrollmentId: string,
  startedAt = at,
  state: EnrollmentRecord['state'] = 'planned',
): EnrollmentRecord => ({
  schemaVersion: 1,
  enrollmentId,
  operation: 'enroll',
  profile: 'p',
  state,
  startedAt,
  server: 'est.example:443',
  certificate: null,
  caCertificates: [],
  keystore: null,
  warnings: [],
  retryAfterSeconds: null,
  error: null,
  steps: [],
  totalMs: 0,
});

/** Changes the file as a program other than the station would. */
function alter(statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
}

describe('what is stored', () => {
  it('is there again after closing', async () => {
    const first = await openStore(folder);
    await first.journal.append(entry('e1', 1), { durable: true });
    await first.audit.append(event);
    await first.trust.add('est.example:443', anchor('root', 'explicit'));
    await first.profiles.save(profile('p'));
    await first.enrollments.save(enrollment('e1'));
    await first.close();

    const second = await openStore(folder);
    expect(await second.journal.read({ limit: 9 })).toEqual([{ ...entry('e1', 1), sequence: 1 }]);
    expect(await second.audit.read({ limit: 9 })).toMatchObject([{ ...event, sequence: 1 }]);
    expect(await second.trust.anchors('est.example:443')).toEqual([anchor('root', 'explicit')]);
    expect(await second.profiles.list()).toEqual([profile('p')]);
    expect(await second.enrollments.get('e1')).toEqual(enrollment('e1'));
    await second.close();
  });

  it('lies in a folder and files no other account can read', async () => {
    const inner = join(folder, 'a', 'b');
    const store = await openStore(inner);
    await store.audit.append(event);
    const modes = async (...paths: string[]) =>
      await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o777));
    expect(await modes(join(folder, 'a'), inner)).toEqual([0o700, 0o700]);
    const path = join(inner, databaseFile);
    expect(await modes(path, `${path}-wal`, `${path}-shm`)).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  it('leaves the permissions of a folder that was there', async () => {
    const shared = join(folder, 'shared');
    await mkdir(shared, { mode: 0o755 });
    await (await openStore(shared)).close();
    expect((await stat(shared)).mode & 0o777).toBe(0o755);
  });
});

describe('the journal', () => {
  it('gives the newest entries, oldest first, of one enrollment or of all', async () => {
    const store = await openStore(folder);
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

describe('trust anchors', () => {
  it('are kept once per server and fingerprint, by the first confirmation', async () => {
    const store = await openStore(folder);
    await store.trust.add('a:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('one', 'explicit', 'bob'));
    await store.trust.add('a:443', anchor('two', 'explicit'));
    await store.trust.add('b:443', anchor('one', 'implicit'));
    expect(await store.trust.anchors('a:443')).toHaveLength(2);
    expect(await store.trust.anchors('a:443')).toContainEqual(anchor('one', 'explicit'));
    expect(await store.trust.anchors('b:443')).toEqual([anchor('one', 'implicit')]);
    expect(await store.trust.anchors('c:443')).toEqual([]);
    await store.close();
  });

  it.each<[TrustAnchor['kind'], TrustAnchor['kind'], TrustAnchor['kind']]>([
    ['implicit', 'explicit', 'explicit'],
    ['explicit', 'implicit', 'explicit'],
  ])('%s, then %s, is %s', async (before, after, kind) => {
    const store = await openStore(folder);
    await store.trust.add('a:443', anchor('one', before));
    await store.trust.add('a:443', anchor('one', after));
    expect(await store.trust.anchors('a:443')).toEqual([anchor('one', kind)]);
    await store.close();
  });

  it('are removed one by one, and their servers are known', async () => {
    const store = await openStore(folder);
    await store.trust.add('b:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('two', 'explicit'));
    expect(await store.trust.servers()).toEqual(['a:443', 'b:443']);
    const { fingerprint } = anchor('one', 'explicit');
    expect(await store.trust.remove('a:443', fingerprint)).toBe(true);
    expect(await store.trust.remove('a:443', fingerprint)).toBe(false);
    expect(await store.trust.anchors('a:443')).toEqual([anchor('two', 'explicit')]);
    expect(await store.trust.anchors('b:443')).toHaveLength(1);
    await store.close();
  });

  it('are refused when the certificate was exchanged', async () => {
    const store = await openStore(folder);
    await store.trust.add('a:443', anchor('one', 'explicit'));
    alter(`update trust_anchors set der = x'00'`);
    await expect(store.trust.anchors('a:443')).rejects.toMatchObject({ code: 'STORE-03' });
    await store.close();
  });

  it('are not added under a fingerprint that is not theirs', async () => {
    const store = await openStore(folder);
    const wrong = { ...anchor('one', 'explicit'), fingerprint: 'A'.repeat(64) };
    await expect(store.trust.add('a:443', wrong)).rejects.toThrow(TypeError);
    expect(await store.trust.anchors('a:443')).toEqual([]);
    await store.close();
  });
});

describe('profiles and enrollments', () => {
  it('keeps one profile per name', async () => {
    const store = await openStore(folder);
    await store.profiles.save(profile('b'));
    await store.profiles.save(profile('a'));
    await store.profiles.save(profile('b', 'CN=changed'));
    expect(await store.profiles.list()).toEqual([profile('a'), profile('b', 'CN=changed')]);
    await store.close();
  });

  it('replaces the record of an enrollment and lists the newest first', async () => {
    const store = await openStore(folder);
    await store.enrollments.save(enrollment('old', '2026-01-01T00:00:00.000Z'));
    await store.enrollments.save(enrollment('new', '2026-01-02T00:00:00.000Z'));
    await store.enrollments.save(enrollment('old', '2026-01-01T00:00:00.000Z', 'done'));
    const listed = await store.enrollments.list({ limit: 9 });
    expect(listed.map(({ enrollmentId, state }) => [enrollmentId, state])).toEqual([
      ['new', 'planned'],
      ['old', 'done'],
    ]);
    expect(await store.enrollments.list({ limit: 1 })).toHaveLength(1);
    expect(await store.enrollments.get('none')).toBeNull();
    await store.close();
  });

  it.each([
    ['is not JSON', `update enrollments set record = 'x'`],
    ['lacks a field', `update enrollments set record = '{}'`],
  ])('tells a record that %s', async (_, statement) => {
    const store = await openStore(folder);
    await store.enrollments.save(enrollment('e1'));
    alter(statement);
    await expect(store.enrollments.get('e1')).rejects.toMatchObject({ code: 'STORE-03' });
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
    await writeFile(file, content);
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'STORE-03' });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('tells that a database of another program is none of its own, and leaves its tables', async () => {
    alter('create table bookmarks (url text)');
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'STORE-03' });
    const database = new DatabaseSync(file);
    expect(database.prepare('select name from sqlite_schema').all()).toHaveLength(1);
    database.close();
  });

  it('refuses a newer version and changes nothing', async () => {
    await (await openStore(folder)).close();
    alter('update schema_version set version = version + 1');
    const before = await readFile(file);
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'STORE-07' });
    expect(await readFile(file)).toEqual(before);
  });

  it('tells when another program holds the database for too long, and works once it lets go', async () => {
    await (await openStore(folder)).close();
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const store = await openStore(folder, { patienceMs: 100 });
    await expect(store.audit.append(event)).rejects.toMatchObject({ code: 'STORE-06' });
    expect(await store.audit.verify()).toMatchObject({ intact: true, records: 0 });
    other.exec('rollback');
    other.close();
    expect(await store.audit.append(event)).toMatchObject({ sequence: 1 });
    await store.close();
  });

  it('waits for another program without blocking its own', async () => {
    const store = await openStore(folder);
    const other = new DatabaseSync(file);
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
    const disk = join(folder, 'disk');
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
