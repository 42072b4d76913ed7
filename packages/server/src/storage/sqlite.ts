import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { Turnstile } from '../domain/turnstile.ts';
import { StartupError } from '../startup-error.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';
import { createBackgroundTransaction } from './sqlite-background.ts';
import { databaseFile, lockDataDirectory, prepareDataDirectory } from './sqlite-files.ts';
import { createSqliteNodeStore, createSqliteVerificationStore } from './sqlite-point-reads.ts';
import { readInThread } from './sqlite-thread-dialect.ts';
import { createSqliteTransaction } from './sqlite-transaction.ts';
import { emptyLog, keepUndoInMemory, openWriter } from './sqlite-writer.ts';
import type { Storage } from './storage.ts';
import { createStores, withTranslatedErrors } from './stores.ts';

/**
 * Opens the embedded database, with four connections: one makes changes and one the point reads of verifications; two
 * have a thread each, for lists, searches and exports, and for usage and upkeep, so that none of these stalls a
 * verification.
 * @throws StartupError when the directory is another process's, exposed, not writable, or holds the database of a
 *   newer program, or none
 */
export async function openSqlite(directory: string): Promise<Storage> {
  prepareDataDirectory(directory);
  try {
    return await open(directory);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new StartupError(
      `The database in ${directory} cannot be used: ${error.message}. See that it is the right data directory; ` +
        '"keywright restore" puts a backup in the place of a damaged one.',
      error,
    );
  }
}

async function open(directory: string): Promise<Storage> {
  const unlock = lockDataDirectory(directory);
  const path = join(directory, databaseFile);
  try {
    const writer = openWriter(path);
    await migrate(writer.db, 'sqlite');
    await keepUndoInMemory(writer.db);
    const points = new Database(path, { readonly: true });
    const lists = new Kysely<Schema>({ dialect: readInThread(path) });
    // SQLite takes one writer at a time. Who came second would hold up the thread that it waits in.
    const turns = new Turnstile(1);
    const transaction = createSqliteTransaction(writer, turns);
    const backgroundTransaction = createBackgroundTransaction(path, turns, writer);
    return {
      engine: 'sqlite',
      transaction,
      backgroundTransaction,
      load: transaction.load,
      stores: withTranslatedErrors(createStores(lists, 'sqlite')),
      verification: createSqliteVerificationStore(points),
      node: createSqliteNodeStore(points),
      onMove() {},
      scrub: () => emptyLog(writer.db, turns),
      async close() {
        await lists.destroy();
        await backgroundTransaction.close();
        points.close();
        await writer.db.destroy();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
