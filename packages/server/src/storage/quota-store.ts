import { type QuotaState, type QuotaStore, unusedQuota } from '../keys/quota-store.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see QuotaStore */
export function createQuotaStore(run: Run): QuotaStore {
  const lock = async (keyId: string): Promise<QuotaState | null> => {
    const [row] = await run<Schema['key_quotas']>('SELECT * FROM key_quotas WHERE key_id = $1 FOR UPDATE', [
      keyId,
    ]);
    return row === undefined ? null : fromRow(row);
  };

  return {
    async restart(keyId) {
      const before = await lock(keyId);
      await run(
        `INSERT INTO key_quotas (key_id, period_start, used, generation) VALUES ($1, 0, 0, 1)
         ON CONFLICT (key_id) DO UPDATE SET period_start = 0, used = 0, generation = key_quotas.generation + 1`,
        [keyId],
      );
      return before ?? unusedQuota;
    },
  };
}

function fromRow({ period_start: periodStart, used, generation }: Schema['key_quotas']): QuotaState {
  return { periodStart, used, generation };
}
