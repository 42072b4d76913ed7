import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { type DatabaseConnection, Kysely, SqliteAdapter, SqliteDriver, sql } from 'kysely';
import { DomainError } from '../domain/error.ts';
import type { Turnstile } from '../domain/turnstile.ts';
import { cachedPrepare, type Prepare } from './cached-prepare.ts';
import type { Schema } from './schema.ts';
import { StableSqliteDialect } from './sqlite-compiler.ts';
import { busyTimeoutMs, openToWrite } from './sqlite-connection.ts';
import { rememberFile } from './sqlite-files.ts';
import { forSqlite, type Run, sendByRunning } from './statement.ts';

/** The connection on which changes are made. */
export interface Writer {
  db: Kysely<Schema>;
  /** Runs a statement that is written out, past Kysely: of what a change takes, that would be a third. */
  run: Run;
  /** Throws when the file is no longer where it was opened. */
  checkFile(): void;
}

/** Opens it. Others may write as well, each in its turn. */
export function openWriter(path: string): Writer {
  const database = openToWrite(path);
  const driver = new WriterDriver(database);
  return {
    db: new Kysely<Schema>({ dialect: new WriterDialect(database, driver) }),
    run: driver.run,
    checkFile: rememberFile(path),
  };
}

/**
 * Keeps what a savepoint would undo in memory: a change touches more pages than SQLite keeps there by itself. Not for
 * migrations, since what building an index sorts would be kept there too.
 */
export async function keepUndoInMemory(db: Kysely<Schema>): Promise<void> {
  await sql`PRAGMA temp_store = MEMORY`.execute(db);
}

const emptyingAttempts = 20;
const emptyingPauseMs = 100;

/**
 * Moves what the log holds into the database and cuts the log off, in which deleted content would stand until it is
 * written over. A reader that is just reading is in the way, and asked again.
 */
export async function emptyLog(db: Kysely<Schema>, turns: Turnstile): Promise<void> {
  for (let attempt = 1; attempt <= emptyingAttempts; attempt++) {
    if (await turns.run(() => db.connection().execute(tryToEmptyLog))) return;
    await sleep(emptyingPauseMs);
  }
}

/** Without waiting for readers, since all else on this thread would wait too. */
async function tryToEmptyLog(connection: Kysely<Schema>): Promise<boolean> {
  await sql`PRAGMA busy_timeout = 0`.execute(connection);
  const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(connection);
  await sql.raw(`PRAGMA busy_timeout = ${busyTimeoutMs}`).execute(connection);
  return rows[0]?.busy === 0;
}

class WriterDialect extends StableSqliteDialect {
  readonly #driver: WriterDriver;

  constructor(database: Database.Database, driver: WriterDriver) {
    super({ database });
    this.#driver = driver;
  }
  override createDriver(): SqliteDriver {
    return this.#driver;
  }
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/** SQLite can undo schema changes, and says so here, so that migrations run in a transaction. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * Some failures, a full disk among them, make SQLite roll a transaction back by itself. What its caller had sent side by
 * side with the statement that failed would then be committed, each by itself, so that nothing is let through until the
 * caller has ended the transaction too.
 */
class WriterDriver extends SqliteDriver {
  readonly #database: Database.Database;
  readonly #state: TransactionState;
  /** @see Writer */
  readonly run: Run;

  constructor(database: Database.Database) {
    const prepare = cachedPrepare(database);
    const state: TransactionState = { isOpen: false, failure: null };
    const isGone = () => state.isOpen && !database.inTransaction;
    const guardedPrepare: Prepare = (sql) => {
      if (isGone()) throw state.failure ?? transactionGone();
      return prepare(sql);
    };
    super({ database: { prepare: guardedPrepare, close: () => void database.close() } });
    this.#database = database;
    this.#state = state;
    const run = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => {
      try {
        const statement = guardedPrepare(forSqlite(text));
        if (statement.reader) return statement.all(parameters) as Row[];
        statement.run(parameters);
        return [];
      } catch (error) {
        if (isGone()) state.failure ??= error;
        throw error;
      }
    };
    this.run = sendByRunning(run);
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await super.beginTransaction(connection);
    this.#state.isOpen = true;
    this.#state.failure = null;
  }
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#state.isOpen = false;
  }
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    this.#state.isOpen = false;
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

interface TransactionState {
  /** As the caller sees it. */
  isOpen: boolean;
  /** Why the database gave it up, as far as a statement told. */
  failure: unknown;
}

function transactionGone(): DomainError {
  return new DomainError('unavailable', {
    detail: 'The database gave the transaction up. Nothing was changed.',
  });
}
