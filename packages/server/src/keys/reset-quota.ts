import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import { keySubject, lockKey, requireGrantor, requireNotRevoked } from './lock-key.ts';
import { usedInPeriod } from './quota-store.ts';

/**
 * Lets the present period of a key's quota begin anew. A key without a quota stays as it is.
 * @throws not_found, forbidden, key_revoked
 */
export async function resetQuota(context: Context, caller: Caller, keyId: string): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key } = await lockKey(stores, caller, keyId, now);
      requireNotRevoked(key);
      requireGrantor(caller, key);
      if (key.quota === null) return { value: null, entries: [] };
      const before = await stores.quotas.restart(key.id);
      await stores.keys.update({ ...key, updatedAt: now });
      const detail = {
        quota: key.quota,
        used: usedInPeriod(context.holdings.spent(key.id, before), key.quota.period, now),
      };
      return { value: null, entries: [{ action: 'key.quota_reset', ...keySubject(key), detail }] };
    },
  });
}
