import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { databaseFile, openStore } from './open-store.ts';
import type { AuditEvent, AuditVerdict, Store } from './store.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-audit-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  await discardFolder(folder);
});

const event = (what: string, details: AuditEvent['details'] = {}): AuditEvent => ({
  at: '2026-02-03T04:05:06.000Z',
  who: 'ada',
  what,
  token: 'GW (5f3a)',
  certificate: null,
  details,
});

function tamper(statements: string): void {
  const database = new DatabaseSync(join(folder, databaseFile));
  database.exec(statements);
  database.close();
}

describe('the audit chain', () => {
  it('starts from zeros and links each record to the one before', async () => {
    const first = await store.audit.append(event('trust.confirmed'));
    const second = await store.audit.append(event('certificate.issued', { b: 1, a: 'ü' }));

    expect(first).toMatchObject({ sequence: 1, previousHash: '0'.repeat(64) });
    expect(second).toMatchObject({ sequence: 2, previousHash: first.hash });
    expect(await store.audit.read({ limit: 10 })).toEqual([first, second]);
    expect(await store.audit.read({ limit: 1 })).toEqual([second]);
    expect(await store.audit.verify()).toEqual({
      intact: true,
      records: 2,
      lastHash: second.hash,
    });
  });

  it('is intact when empty', async () => {
    expect(await store.audit.verify()).toEqual({
      intact: true,
      records: 0,
      lastHash: '0'.repeat(64),
    });
  });

  it('hashes text that sha256sum hashes the same', async () => {
    const record = await store.audit.append(event('token.initialised', { note: 'grün "1"' }));
    const database = new DatabaseSync(join(folder, databaseFile), { readOnly: true });
    const row = database.prepare('select record from audit where sequence = 1').get();
    database.close();
    const sum = execFileSync('sha256sum', { input: String(row?.record), encoding: 'utf8' });
    expect(sum.split(' ')[0]).toBe(record.hash);
  });

  it('stays intact for any text and number', async () => {
    const text = fc.string({ unit: 'binary' });
    const details = fc.dictionary(
      text,
      fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    );
    await fc.assert(
      fc.asyncProperty(text, text, fc.option(text), details, async (who, what, token, extra) => {
        await store.audit.append({ ...event(what, extra), who, token });
        expect((await store.audit.verify()).intact).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('verifies more records than fit one batch', async () => {
    for (let index = 0; index < 501; index += 1) await store.audit.append(event(`event.${index}`));
    expect(await store.audit.verify()).toMatchObject({ intact: true, records: 501 });
  });

  it.each<[string, string, Partial<AuditVerdict>]>([
    [
      'an altered text',
      `update audit set record = replace(record, 'event.3', 'event.X') where sequence = 3`,
      { brokenAt: 3, why: 'its text does not match its hash' },
    ],
    [
      'an altered hash',
      `update audit set hash = '${'f'.repeat(64)}' where sequence = 3`,
      { brokenAt: 3, why: 'its text does not match its hash' },
    ],
    [
      'a removed record',
      'delete from audit where sequence = 3',
      { brokenAt: 4, why: 'records 3 to 3 are missing' },
    ],
    [
      'a removed beginning',
      'delete from audit where sequence < 3',
      { brokenAt: 3, why: 'records 1 to 2 are missing' },
    ],
    [
      'records in another order',
      `update audit set sequence = 99 where sequence = 3;
       update audit set sequence = 3 where sequence = 4;
       update audit set sequence = 4 where sequence = 99`,
      { brokenAt: 3, why: 'its text is that of record 4' },
    ],
    [
      'a copied record',
      `update audit set (record, hash) = (select record, hash from audit where sequence = 2)
       where sequence = 3`,
      { brokenAt: 3, why: 'its text is that of record 2' },
    ],
    [
      'an inserted record before the first',
      `insert into audit select 0, record, hash from audit where sequence = 1`,
      { brokenAt: 0, why: 'its number is out of order' },
    ],
    [
      'an appended record',
      `insert into audit values (6, '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')`,
      { brokenAt: 6, why: 'its text is not an audit record' },
    ],
    [
      'a removed end',
      'delete from audit where sequence > 3',
      { brokenAt: 4, why: 'records 4 to 5 were cut off' },
    ],
    [
      'everything removed',
      'delete from audit',
      { brokenAt: 1, why: 'records 1 to 5 were cut off' },
    ],
    [
      'a removed note of the end',
      'delete from audit_head',
      { brokenAt: 6, why: 'the note of where the chain ends is gone' },
    ],
  ])('finds %s', async (_, statements, expected) => {
    for (let index = 1; index <= 5; index += 1) await store.audit.append(event(`event.${index}`));
    tamper(statements);
    expect(await store.audit.verify()).toMatchObject({ intact: false, ...expected });
  });

  it('finds an altered record even when its own hash was made to fit', async () => {
    for (let index = 1; index <= 3; index += 1) await store.audit.append(event(`event.${index}`));
    const database = new DatabaseSync(join(folder, databaseFile));
    database.function('forge', (text) => {
      const sum = execFileSync('sha256sum', { input: String(text), encoding: 'utf8' });
      return sum.slice(0, 64);
    });
    database.exec(
      `update audit set record = replace(record, 'ada', 'eve') where sequence = 2;
       update audit set hash = forge(record) where sequence = 2`,
    );
    database.close();
    expect(await store.audit.verify()).toMatchObject({
      intact: false,
      records: 2,
      brokenAt: 3,
      why: 'it does not follow the record before it',
    });
  });

  it('keeps a cut-off end visible after further records', async () => {
    for (let index = 1; index <= 5; index += 1) await store.audit.append(event(`event.${index}`));
    tamper('delete from audit where sequence > 3');
    expect(await store.audit.append(event('later'))).toMatchObject({ sequence: 6 });
    expect(await store.audit.verify()).toMatchObject({
      intact: false,
      brokenAt: 6,
      why: 'records 4 to 5 are missing',
    });
  });

  it('refuses to append when the end of the chain is lost', async () => {
    await store.audit.append(event('event.1'));
    tamper('delete from audit_head');
    await expect(store.audit.append(event('event.2'))).rejects.toMatchObject({ code: 'STORE-04' });
  });
});
