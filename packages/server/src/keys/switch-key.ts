import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import { keySubject, lockKey, requireNotRevoked } from './lock-key.ts';

/**
 * Switches a key on or off. One that already is so stays as it is.
 * @throws not_found, forbidden, key_revoked
 */
export async function switchKey(
  context: Context,
  caller: Caller,
  keyId: string,
  to: 'active' | 'inactive',
): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key } = await lockKey(stores, caller, keyId, now);
      requireNotRevoked(key);
      if (key.status === to) return { value: null, entries: [] };
      await stores.keys.update({ ...key, status: to, updatedAt: now });
      const action = to === 'active' ? 'key.activated' : 'key.deactivated';
      return { value: null, entries: [{ action, ...keySubject(key) }] };
    },
  });
}
