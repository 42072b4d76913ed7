import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import { keySubject, lockKey, requireNotRevoked } from './lock-key.ts';

/**
 * Ends the overlap of a rotation now. A key without one stays as it is.
 * @throws not_found, forbidden, key_revoked
 */
export async function retirePreviousSecret(
  context: Context,
  caller: Caller,
  keyId: string,
): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key } = await lockKey(stores, caller, keyId, now);
      requireNotRevoked(key);
      if (!(await stores.keys.retirePrevious(key.id, now))) return { value: null, entries: [] };
      await stores.keys.update({ ...key, updatedAt: now });
      return { value: null, entries: [{ action: 'key.previous_retired', ...keySubject(key) }] };
    },
  });
}
