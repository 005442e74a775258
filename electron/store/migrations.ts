import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { StationError } from '../../shared/errors/station-error.ts';
import { genesisHash } from './audit-chain.ts';
import type { Tables } from './tables.ts';

type Migration = (transaction: Transaction<Tables>) => Promise<void>;

/** In order; the version of a database is the number of those applied. Applied ones never change. */
const migrations: readonly Migration[] = [
  createTables,
  addRunning,
  addSuccession,
  addRevocationLists,
  addStateOfEnrollments,
];

/** The version this program reads and writes. */
const schemaVersion = migrations.length;

/**
 * Brings the database to this program's version; several processes may try at once.
 * @throws StationError STORE-07 when a newer program has written it; nothing is changed then.
 */
export async function migrate(transaction: Transaction<Tables>, path: string): Promise<void> {
  await transaction.schema
    .createTable('schema_version')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  const row = await transaction.selectFrom('schema_version').select('version').executeTakeFirst();
  const version = row?.version ?? 0;
  if (version > schemaVersion) throw new StationError('STORE-07', { path });
  if (version === schemaVersion) return;
  for (const migration of migrations.slice(version)) await migration(transaction);
  await transaction.deleteFrom('schema_version').execute();
  await transaction.insertInto('schema_version').values({ version: schemaVersion }).execute();
}

/** True when the version table is there and up to date, so that opening need not write. */
export async function isCurrent(kysely: Kysely<Tables>, path: string): Promise<boolean> {
  const tables = await kysely.introspection.getTables();
  if (tables.length === 0) return false;
  if (!tables.some(({ name }) => name === 'schema_version')) {
    const detail = 'it belongs to another program';
    throw new StationError('STORE-03', { path, detail });
  }
  const row = await kysely.selectFrom('schema_version').select('version').executeTakeFirst();
  if ((row?.version ?? 0) > schemaVersion) throw new StationError('STORE-07', { path });
  return row?.version === schemaVersion;
}

async function createTables(transaction: Transaction<Tables>): Promise<void> {
  const { schema } = transaction;
  await schema
    .createTable('journal')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('enrollment_id', 'text', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('journal_enrollment')
    .on('journal')
    .columns(['enrollment_id', 'sequence'])
    .execute();
  await schema
    .createTable('audit')
    .addColumn('sequence', 'integer', (column) => column.primaryKey())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('audit_head')
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await transaction.insertInto('audit_head').values({ sequence: 0, hash: genesisHash }).execute();
  await schema
    .createTable('trust_anchors')
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('der', sql`blob`, (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('confirmed_by', 'text', (column) => column.notNull())
    .addColumn('confirmed_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('trust_anchors_key', ['server', 'fingerprint'])
    .execute();
  await schema
    .createTable('profiles')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('profile', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('enrollments')
    .addColumn('enrollment_id', 'text', (column) => column.primaryKey())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
}

async function addRunning({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .createTable('running')
    .addColumn('enrollment_id', 'text', (column) => column.primaryKey())
    .addColumn('process', 'text', (column) => column.notNull())
    .execute();
}

async function addSuccession({ schema }: Transaction<Tables>): Promise<void> {
  await schema.alterTable('trust_anchors').addColumn('successor_of', 'text').execute();
}

async function addRevocationLists({ schema }: Transaction<Tables>): Promise<void> {
  await schema
    .createTable('revocation_lists')
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('series', 'text', (column) => column.notNull())
    .addColumn('der', sql`blob`, (column) => column.notNull())
    .addColumn('this_update', 'text', (column) => column.notNull())
    .addColumn('next_update', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('revocation_lists_key', ['server', 'series'])
    .execute();
}

async function addStateOfEnrollments(transaction: Transaction<Tables>): Promise<void> {
  const { schema } = transaction;
  await schema.alterTable('enrollments').addColumn('state', 'text').execute();
  await schema
    .createIndex('enrollments_state')
    .on('enrollments')
    .columns(['state', 'started_at'])
    .execute();
  const rows = await transaction
    .selectFrom('enrollments')
    .select(['enrollment_id', 'record'])
    .execute();
  for (const { enrollment_id, record } of rows) {
    await transaction
      .updateTable('enrollments')
      .set({ state: stateIn(record) })
      .where('enrollment_id', '=', enrollment_id)
      .execute();
  }
}

const recordState = z.object({ state: z.string() });

/** A damaged record is told when it is read, not here. */
function stateIn(record: string): string | null {
  try {
    return recordState.parse(JSON.parse(record)).state;
  } catch {
    return null;
  }
}
