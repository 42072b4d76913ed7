import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import { keySubject, lockKey } from './lock-key.ts';

/**
 * Revokes a key for good. When this returns, no node answers "valid" for it any more. One that is already revoked
 * stays as it is, and the promise holds for it all the same.
 * @throws not_found, forbidden
 */
export async function revokeKey(
  context: Context,
  caller: Caller,
  keyId: string,
  reason: string | null,
): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key } = await lockKey(stores, caller, keyId, now);
      if (key.status === 'revoked') return { value: null, entries: [] };
      await stores.keys.update({
        ...key,
        status: 'revoked',
        updatedAt: now,
        revokedAt: now,
        revokedReason: reason,
      });
      return {
        value: null,
        entries: [{ action: 'key.revoked', ...keySubject(key), privateDetail: { reason } }],
      };
    },
  });
}
