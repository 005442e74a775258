import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql, type Transaction } from 'kysely';
import { sqliteDialect } from './sqlite-dialect.ts';
import { storeError } from './sqlite-errors.ts';
import type { Tables } from './tables.ts';

/** `durable`: on the disk when the promise resolves. `ordered`: never without what came before it. */
export type Durability = 'durable' | 'ordered';

/** Milliseconds SQLite itself may wait for a lock; it blocks the process, so it is short. */
const busyTimeout = 50;

/** The station's SQLite database. Every failure is a StationError STORE-…. */
export class StationDatabase {
  readonly path: string;
  readonly #kysely: Kysely<Tables>;

  private constructor(path: string, kysely: Kysely<Tables>) {
    this.path = path;
    this.#kysely = kysely;
  }

  /**
   * Opens an existing file, empty or a database; never deletes or replaces it.
   * @param patienceMs how long a task waits for a lock another process holds
   * @throws StationError STORE-01, STORE-02, STORE-03, STORE-06
   */
  static async open(path: string, patienceMs: number): Promise<StationDatabase> {
    const translate = (error: unknown) => storeError(error, path);
    const database = openFile(path, translate);
    const dialect = sqliteDialect({ database, patienceMs, translate });
    const kysely = new Kysely<Tables>({ dialect });
    try {
      // Write-ahead logging: readers and one writer do not hinder each other, across processes.
      await sql`pragma journal_mode = wal`.execute(kysely);
      // macOS: fsync alone leaves data in the drive's cache.
      await sql`pragma fullfsync = on`.execute(kysely);
      // The file may have been prepared by someone else: no functions or broken cells from it.
      await sql`pragma trusted_schema = off`.execute(kysely);
      await sql`pragma cell_size_check = on`.execute(kysely);
    } catch (error) {
      await kysely.destroy();
      throw error;
    }
    return new StationDatabase(path, kysely);
  }

  /** For queries outside a transaction; each sees the newest committed state. */
  get queries(): Kysely<Tables> {
    return this.#kysely;
  }

  /**
   * Runs `work` in one writing transaction, exclusive among all processes.
   *
   * How one database can do both: in write-ahead mode every commit is appended to one file, the log.
   * With `synchronous = full` the commit ends with an fsync of the log, with `normal` it does not
   * (https://sqlite.org/pragma.html#pragma_synchronous). An fsync covers the whole log, so a durable
   * commit also makes the ordered ones before it durable, of this and of every other process; and a
   * log cut off by a power failure ends at a whole commit, so order is kept. The pragma is per
   * connection and may not change inside a transaction, hence before it.
   */
  async write<Result>(
    durability: Durability,
    work: (transaction: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result> {
    return await this.#kysely.connection().execute(async (connection) => {
      const level = durability === 'durable' ? sql`full` : sql`normal`;
      await sql`pragma synchronous = ${level}`.execute(connection);
      return await connection.transaction().execute(work);
    });
  }

  /** Runs `work` on one unchanging state of the database. */
  async snapshot<Result>(
    work: (transaction: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result> {
    return await this.#kysely.transaction().setAccessMode('read only').execute(work);
  }

  async close(): Promise<void> {
    await this.#kysely.destroy();
  }
}

function openFile(path: string, translate: (error: unknown) => unknown): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: busyTimeout });
  } catch (error) {
    throw translate(error);
  }
}
