import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Stores } from '../domain/context.ts';
import { OvertakenError } from '../domain/error.ts';
import { translateError } from './database-error.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';
import { createStores } from './stores.ts';

const maxAttempts = 5;

/**
 * Transactions on PostgreSQL, each on a connection of its own. They are our own and not Kysely's, which lets a
 * statement go only when the one before was answered: here what a change does side by side is sent in one go.
 * @see Storage.transaction
 */
export function createPostgresTransaction(pool: Pool) {
  return async <T>(run: (stores: Stores) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runOnce(pool, run);
      } catch (error) {
        if (attempt === maxAttempts || !isRetryable(error)) throw translateError(error);
      }
    }
  };
}

/** Said each time: a database can have another default, under which who waited for a lock would see what was before. */
const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';

async function runOnce<T>(pool: Pool, run: (stores: Stores) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let breakage: Error | undefined;
  firstFailures.delete(client);
  try {
    const begun = client.query(begin);
    const running = run(storesOn(client));
    // Nothing of it may still be on its way when the connection goes back.
    const [value] = await Promise.all([running, begun]).finally(() => running.catch(() => {}));
    const { command } = await client.query('COMMIT');
    // A transaction that a failed statement aborted ends a COMMIT as a ROLLBACK.
    if (command !== 'COMMIT') throw firstFailures.get(client) ?? new Error('the transaction was aborted');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason: Error) => {
      breakage = reason;
    });
    throw isConsequence(error) ? (firstFailures.get(client) ?? error) : error;
  } finally {
    // A connection that could not roll back is closed, and its transaction with it.
    client.release(breakage);
  }
}

/** Overtaken, deadlock, serialization failure: the transaction did nothing, and may go through the next time. */
function isRetryable(error: unknown): boolean {
  if (error instanceof OvertakenError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001';
}

/**
 * Of statements that were sent in one go, the first that fails has the reason; those behind it, whose failures may be
 * noticed before, only say that the transaction is aborted.
 */
const firstFailures = new WeakMap<PoolClient, unknown>();

function isConsequence(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '25P02';
}

const storesByClient = new WeakMap<PoolClient, Stores>();

/** The stores on one connection, made once for each. */
function storesOn(client: PoolClient): Stores {
  let stores = storesByClient.get(client);
  if (stores === undefined) {
    const query = (text: string, parameters: unknown[]) => {
      const answer = client.query(text, parameters);
      answer.catch((error) => {
        if (!firstFailures.has(client)) firstFailures.set(client, error);
      });
      return answer;
    };
    const connection = { query, release() {} } as unknown as PostgresPoolClient;
    const pool = { connect: async () => connection, end: async () => {}, options: {} };
    const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    const run: Run = Object.assign(
      async (text: string, parameters: readonly unknown[]) => (await query(text, [...parameters])).rows,
      {
        send: async (text: string, parameters: readonly unknown[]) => void query(text, [...parameters]),
      },
    );
    stores = createStores(db, 'postgres', run);
    storesByClient.set(client, stores);
  }
  return stores;
}
