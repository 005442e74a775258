import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { isBusy } from './sqlite-errors.ts';

export interface SqliteDialectOptions {
  readonly database: DatabaseSync;
  /** Milliseconds to wait, without blocking the process, for a lock another process holds. */
  readonly patienceMs: number;
  /** Tells an error of SQLite in the product's words. */
  readonly translate: (error: unknown) => unknown;
}

/** Milliseconds between two attempts to get a lock. */
const pause = 20;

/** Kysely over node:sqlite: one connection, used by one task after the other. */
export function sqliteDialect(options: SqliteDialectOptions): Dialect {
  return {
    createDriver: () => new SqliteDriver(options),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
}

class SqliteDriver implements Driver {
  readonly #options: SqliteDialectOptions;
  readonly #connection: SqliteConnection;
  #released: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(options: SqliteDialectOptions) {
    this.#options = options;
    this.#connection = new SqliteConnection(options);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#released;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#released = promise;
    await before;
    this.#release = resolve;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  /**
   * A writing transaction takes the write lock at once: one that began by reading could not be
   * continued after another process had written. A reading one sees one state from begin to end.
   */
  async beginTransaction(
    _connection: DatabaseConnection,
    { accessMode }: TransactionSettings,
  ): Promise<void> {
    const { database } = this.#options;
    await this.#connection.patiently(() => {
      if (accessMode !== 'read only') return database.exec('begin immediate');
      database.exec('begin');
      try {
        database.exec('select 1 from sqlite_schema');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    });
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.patiently(() => this.#options.database.exec('commit'));
  }

  /** SQLite ends a transaction by itself on some errors, a full disk among them. */
  async rollbackTransaction(): Promise<void> {
    if (this.#options.database.isTransaction) this.#options.database.exec('rollback');
  }

  async destroy(): Promise<void> {
    this.#options.database.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #options: SqliteDialectOptions;

  constructor(options: SqliteDialectOptions) {
    this.#options = options;
  }

  /** Repeats a call that another process's lock holds up, then tells its error. */
  async patiently<Result>(call: () => Result): Promise<Result> {
    const { patienceMs, translate } = this.#options;
    const deadline = performance.now() + patienceMs;
    for (;;) {
      try {
        return call();
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw translate(error);
      }
      await delay(pause);
    }
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return await this.patiently(() => {
      const statement = this.#options.database.prepare(sql);
      const values = parameters.map(inputValue);
      if (statement.columns().length > 0) return { rows: statement.all(...values) as Row[] };
      const { changes } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes) };
    });
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('node:sqlite does not stream');
  }
}

function inputValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
}
