import type { Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import type { StoredKey } from './key-store.ts';
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
      return { value: null, entries: await revokeLocked(stores, key, reason, now) };
    },
  });
}

/** As `revokeKey`, for a key that is locked. */
export async function revokeLocked(
  stores: Stores,
  key: StoredKey,
  reason: string | null,
  now: number,
): Promise<LedgerEntry[]> {
  if (key.status === 'revoked') return [];
  await stores.keys.update({
    ...key,
    status: 'revoked',
    updatedAt: now,
    revokedAt: now,
    revokedReason: reason,
  });
  return [{ action: 'key.revoked', ...keySubject(key), privateDetail: { reason } }];
}
