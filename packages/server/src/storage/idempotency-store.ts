import type { IdempotencyStore } from '../idempotency/idempotency-store.ts';
import type { Engine } from './engine.ts';
import type { IdempotencyTable } from './schema.ts';
import type { Run } from './statement.ts';

/** @see IdempotencyStore */
export function createIdempotencyStore(run: Run, engine: Engine): IdempotencyStore {
  /** Held until the transaction ends. SQLite has one writer, so that there no other can be at it. */
  const isFree = async (id: Buffer) => {
    if (engine === 'sqlite') return true;
    const [row] = await run<{ free: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS free', [
      id.readBigInt64BE(),
    ]);
    return row?.free ?? false;
  };

  return {
    async claim({ id, content, at, expiredAt }) {
      if (!(await isFree(id))) return 'running';
      const claimed = await run(
        `INSERT INTO idempotency (id, request, at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET request = excluded.request, at = excluded.at, answer = NULL, secret_of = NULL
           WHERE idempotency.at <= $4
         RETURNING id`,
        [id, content, at, expiredAt],
      );
      if (claimed.length > 0) return 'claimed';
      const [row] = await run<IdempotencyTable>('SELECT * FROM idempotency WHERE id = $1', [id]);
      if (row === undefined) throw new Error('what stood in the way of an insert is not there');
      return { content: row.request, value: row.answer, secretOf: row.secret_of };
    },

    async keep(id, { value, secretOf }) {
      await run('UPDATE idempotency SET answer = $1, secret_of = $2 WHERE id = $3', [value, secretOf, id]);
    },

    async forget(expiredAt, limit) {
      const rows = await run(
        `DELETE FROM idempotency WHERE id IN (SELECT id FROM idempotency WHERE at <= $1 ORDER BY at LIMIT $2)
         RETURNING id`,
        [expiredAt, limit],
      );
      return rows.length;
    },
  };
}
