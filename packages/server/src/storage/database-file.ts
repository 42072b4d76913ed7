import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { createLedgerStore } from './ledger-store.ts';
import { type MigrationState, migrationState } from './migrate.ts';
import type { Schema } from './schema.ts';
import { createRun } from './statement.ts';

/** A database in a file of its own, which no server runs on: a backup, or what a restore is about to replace. */
export interface DatabaseFile {
  ledger: LedgerStore;
  migrations: MigrationState;
  /** What is wrong with the file itself, row by row and index by index, as a sentence; null when nothing is. */
  findDamage(): string | null;
  close(): Promise<void>;
}

/** Opens a file for reading. Fails as the driver does for what is no database. */
export async function openDatabaseFile(path: string): Promise<DatabaseFile> {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  try {
    return {
      ledger: createLedgerStore(db, 'sqlite', createRun(db, 'sqlite')),
      migrations: await migrationState(db, 'sqlite'),
      findDamage: () => findDamage(database),
      close: () => db.destroy(),
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function findDamage(database: Database.Database): string | null {
  const [fault] = database.pragma('integrity_check(1)') as { integrity_check: string }[];
  if (fault?.integrity_check !== 'ok') return `SQLite says of it: ${fault?.integrity_check ?? 'nothing'}.`;
  const [orphan] = database.pragma('foreign_key_check') as { table: string; parent: string }[];
  if (orphan !== undefined)
    return `A row of ${orphan.table} belongs to one of ${orphan.parent} that is not there.`;
  return null;
}
