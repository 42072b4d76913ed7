import { enterPeriod, type QuotaState, type QuotaStore, unusedQuota } from '../keys/quota-store.ts';
import { readQuota } from './point-queries.ts';
import type { KeyTable, Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see QuotaStore */
export function createQuotaStore(run: Run): QuotaStore {
  const lock = async (keyId: string): Promise<QuotaState | null> => {
    const [row] = await run<Schema['key_quotas']>('SELECT * FROM key_quotas WHERE key_id = $1 FOR UPDATE', [
      keyId,
    ]);
    return row === undefined ? null : fromRow(row);
  };
  /** Two that make the first row at once make one. */
  const begin = async (keyId: string): Promise<QuotaState> => {
    await run(
      `INSERT INTO key_quotas (key_id, period_start, used, generation) VALUES ($1, 0, 0, 0)
       ON CONFLICT (key_id) DO NOTHING`,
      [keyId],
    );
    return (await lock(keyId)) ?? unusedQuota;
  };

  return {
    async reserve({ keyId, least, wanted, now, isSettled }) {
      // In this order, which holds also when they are sent in one go: what the key says is read under the lock.
      const [locked, [key]] = await Promise.all([
        lock(keyId),
        run<Pick<KeyTable, 'quota_limit' | 'quota_period'>>(
          'SELECT quota_limit, quota_period FROM keys WHERE id = $1',
          [keyId],
        ),
      ]);
      const quota = key === undefined ? null : readQuota(key);
      if (quota === null) return { quota, granted: 0, state: locked ?? unusedQuota };
      const before = locked ?? (await begin(keyId));
      const current = enterPeriod(before, quota.period, { now, isSettled });
      const left = Math.max(0, quota.limit - current.used);
      const granted = left < least ? 0 : Math.min(left, wanted);
      const state = { ...current, used: current.used + granted };
      // A period that was begun anew is not worth a write, but one that was set back is: it would be set back again.
      if (granted > 0 || state.periodStart < before.periodStart) {
        await run('UPDATE key_quotas SET period_start = $1, used = $2 WHERE key_id = $3', [
          state.periodStart,
          state.used,
          keyId,
        ]);
      }
      return { quota, granted, state };
    },

    async giveBack(blocks) {
      // Always in the same order: each locks its row.
      const sorted = blocks.toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1));
      await Promise.all(
        sorted.map(({ keyId, units, state }) =>
          run(
            `UPDATE key_quotas SET used = used - $1
             WHERE key_id = $2 AND generation = $3 AND period_start = $4 AND used >= $5`,
            [units, keyId, state.generation, state.periodStart, units],
          ),
        ),
      );
    },

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
