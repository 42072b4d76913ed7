import type { Kysely } from 'kysely';
import type { Stores } from '../domain/context.ts';
import { translateError } from './database-error.ts';
import type { Schema } from './schema.ts';
import { createStores } from './stores.ts';

const maxAttempts = 5;

/**
 * Transactions on PostgreSQL, each on a connection of its own.
 * @see Storage.transaction
 */
export function createPostgresTransaction(db: Kysely<Schema>) {
  return async <T>(run: (stores: Stores) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction().execute((transaction) => run(createStores(transaction, 'postgres')));
      } catch (error) {
        if (attempt === maxAttempts || !isRetryable(error)) throw translateError(error);
      }
    }
  };
}

/** Deadlock and serialization failure: the transaction did nothing, and may go through the next time. */
function isRetryable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001';
}
