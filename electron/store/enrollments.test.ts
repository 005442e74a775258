import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { folderOfEachTest } from '../../test/folder-of-each-test.ts';
import { alterDatabase, enrollment } from '../../test/store-examples.ts';
import { databaseFile, openStore } from './open-store.ts';

const folder = folderOfEachTest();
const file = () => join(folder.path, databaseFile);

describe('enrollments', () => {
  it('replaces the record of an enrollment and lists the newest first', async () => {
    const store = await openStore(folder.path);
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

  it('finds what stands open behind any number of later ones', async () => {
    const store = await openStore(folder.path);
    await store.enrollments.save(enrollment('waits', '2026-01-01T00:00:00.000Z', 'pending'));
    await store.enrollments.save(enrollment('lost', '2026-01-01T00:00:01.000Z', 'outcome-unknown'));
    await store.enrollments.save(enrollment('over', '2026-01-01T00:00:02.000Z', 'pending'));
    await store.enrollments.save(enrollment('over', '2026-01-01T00:00:02.000Z', 'done'));
    const found = async (...states: EnrollmentRecord['state'][]) =>
      (await store.enrollments.list({ limit: 2, states })).map((record) => record.enrollmentId);
    expect(await found('pending')).toEqual(['waits']);
    expect(await found('pending', 'outcome-unknown')).toEqual(['lost', 'waits']);
    expect(await found('cancelled')).toEqual([]);
    await store.close();
  });

  it.each([
    ['is not JSON', `update enrollments set record = 'x'`],
    ['lacks a field', `update enrollments set record = '{}'`],
  ])('tells a record that %s', async (_, statement) => {
    const store = await openStore(folder.path);
    await store.enrollments.save(enrollment('e1'));
    alterDatabase(file(), statement);
    await expect(store.enrollments.get('e1')).rejects.toMatchObject({ code: 'STORE-03' });
    await store.close();
  });

  it('are found by their state in a database of the version before', async () => {
    const first = await openStore(folder.path);
    await first.enrollments.save(enrollment('waits', '2026-01-01T00:00:00.000Z', 'pending'));
    await first.enrollments.save(enrollment('damaged', '2026-01-02T00:00:00.000Z', 'pending'));
    await first.close();
    alterDatabase(
      file(),
      `drop index enrollments_state; alter table enrollments drop column state;
       update enrollments set record = 'x' where enrollment_id = 'damaged';
       update schema_version set version = 4`,
    );
    const store = await openStore(folder.path);
    const found = await store.enrollments.list({ limit: 9, states: ['pending'] });
    expect(found.map(({ enrollmentId }) => enrollmentId)).toEqual(['waits']);
    await expect(store.enrollments.get('damaged')).rejects.toMatchObject({ code: 'STORE-03' });
    await store.close();
  });
});
