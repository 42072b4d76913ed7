import type { Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import type { StoredKey } from './key-store.ts';
import { keySubject, lockKey, requireNotRevoked } from './lock-key.ts';

type Position = 'active' | 'inactive';

/**
 * Switches a key on or off. One that already is so stays as it is.
 * @throws not_found, forbidden, key_revoked
 */
export async function switchKey(
  context: Context,
  caller: Caller,
  keyId: string,
  to: Position,
): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, now) {
      const { key } = await lockKey(stores, caller, keyId, now);
      return { value: null, entries: await switchLocked(stores, key, to, now) };
    },
  });
}

/**
 * As `switchKey`, for a key that is locked.
 * @throws key_revoked, before anything is written
 */
export async function switchLocked(
  stores: Stores,
  key: StoredKey,
  to: Position,
  now: number,
): Promise<LedgerEntry[]> {
  requireNotRevoked(key);
  if (key.status === to) return [];
  await stores.keys.update({ ...key, status: to, updatedAt: now });
  return [{ action: to === 'active' ? 'key.activated' : 'key.deactivated', ...keySubject(key) }];
}
