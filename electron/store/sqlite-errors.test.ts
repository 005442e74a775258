import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { storeError } from './sqlite-errors.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'est-sqlite-'));
  path = join(folder, 'station.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Has SQLite raise a real error. */
function raised(provoke: () => void): unknown {
  try {
    provoke();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was raised');
}

describe('storeError', () => {
  it.each<[string, string, () => void]>([
    [
      'STORE-02',
      'a database that may not grow',
      () => {
        const database = new DatabaseSync(path);
        database.exec('create table t (c)');
        database.exec('pragma max_page_count = 2');
        database.exec(`insert into t values ('${'x'.repeat(100_000)}')`);
      },
    ],
    [
      'STORE-03',
      'a file that is no database',
      () => {
        writeFileSync(path, 'no database, '.repeat(100));
        new DatabaseSync(path).exec('select * from sqlite_schema');
      },
    ],
    ['STORE-01', 'a folder that is not there', () => new DatabaseSync(join(folder, 'no', 'x'))],
    [
      'STORE-01',
      'a database opened for reading',
      () => {
        new DatabaseSync(path).exec('create table t (c)');
        new DatabaseSync(path, { readOnly: true }).exec('insert into t values (1)');
      },
    ],
    [
      'STORE-06',
      'a locked database',
      () => {
        new DatabaseSync(path).exec('begin exclusive');
        new DatabaseSync(path, { timeout: 0 }).exec('begin immediate');
      },
    ],
  ])('tells %s for %s', (code, _, provoke) => {
    const error = raised(provoke);
    expect(storeError(error, path)).toMatchObject({ code, cause: error });
  });

  it.each([
    ['ENOSPC', 'STORE-02'],
    ['EDQUOT', 'STORE-02'],
    ['EROFS', 'STORE-01'],
    ['EACCES', 'STORE-01'],
  ])('tells the file system’s %s as %s', (code, expected) => {
    const error = Object.assign(new Error(`${code}: reason, mkdir '/x'`), {
      code,
      syscall: 'mkdir',
    });
    expect(storeError(error, path)).toMatchObject({ code: expected });
  });

  it('leaves what is not about the store', () => {
    const defect = new TypeError('x is not a function');
    const known = new StationError('STORE-07', { path });
    const syntax = raised(() => new DatabaseSync(path).exec('selekt'));
    for (const error of [defect, known, syntax, 'text', null]) {
      expect(storeError(error, path)).toBe(error);
    }
  });
});
