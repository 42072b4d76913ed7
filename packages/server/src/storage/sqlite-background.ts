import { Kysely } from 'kysely';
import type { Stores } from '../domain/context.ts';
import type { Turnstile } from '../domain/turnstile.ts';
import { translateError } from './database-error.ts';
import type { Schema } from './schema.ts';
import { SqliteThread } from './sqlite-thread.ts';
import { SqliteThreadDialect } from './sqlite-thread-dialect.ts';
import type { Writer } from './sqlite-writer.ts';
import { forSqlite, sendByRunning } from './statement.ts';
import { createStores } from './stores.ts';

/**
 * Transactions in a thread of their own, each in its turn among all that write: what no request waits for, so that
 * verifications go on while it is written.
 * @see Storage.backgroundTransaction
 */
export function createBackgroundTransaction(
  path: string,
  turns: Turnstile,
  { checkFile }: Pick<Writer, 'checkFile'>,
) {
  let thread: SqliteThread | null = null;

  const transaction = <T>(run: (stores: Stores) => Promise<T>): Promise<T> =>
    turns.run(() => {
      if (thread === null || thread.isEnded) thread = new SqliteThread({ path, mode: 'write' });
      return runIn(thread, run, checkFile);
    });

  return Object.assign(transaction, {
    async close() {
      await thread?.close();
    },
  });
}

async function runIn<T>(
  thread: SqliteThread,
  run: (stores: Stores) => Promise<T>,
  checkFile: () => void,
): Promise<T> {
  let isOver = false;
  // What a transaction still sends when it is over must not become a part of the next one.
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (isOver) throw new Error('the transaction is over');
    return thread.run(sql, parameters, true);
  };
  try {
    await thread.run('BEGIN IMMEDIATE', []);
    const value = await run(storesOn(query));
    checkFile();
    await query('COMMIT', []);
    return value;
  } catch (error) {
    await rollBack(thread);
    throw translateError(error);
  } finally {
    isOver = true;
  }
}

type Query = (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>;

function storesOn(query: Query): Stores {
  const db = new Kysely<Schema>({ dialect: new SqliteThreadDialect({ run: query, async close() {} }) });
  const run = async <Row>(text: string, parameters: readonly unknown[]) =>
    (await query(forSqlite(text), parameters)) as Row[];
  return createStores(db, 'sqlite', sendByRunning(run));
}

async function rollBack(thread: SqliteThread): Promise<void> {
  try {
    await thread.run('ROLLBACK', [], true);
  } catch (error) {
    // SQLite may have done it by itself. Of a thread that does not even say so nobody knows how it stands.
    if ((error as { code?: unknown }).code !== 'SQLITE_ABORT_ROLLBACK') await thread.kill();
  }
}
