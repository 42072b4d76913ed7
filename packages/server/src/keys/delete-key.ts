import type { Propagation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredKey } from './key-store.ts';
import { keySubject, lockKey } from './lock-key.ts';

/**
 * Takes a key off the list for good. Its secrets stay known as hashes, so that they cannot come back.
 * @throws not_found, forbidden
 */
export async function deleteKey(context: Context, caller: Caller, keyId: string): Promise<Propagation> {
  const { seq } = await context.change(caller, async (stores, now) => {
    const { key } = await lockKey(stores, caller, keyId, now);
    return { value: null, entries: await deleteLocked(stores, key, now) };
  });
  return context.barrier(seq);
}

/** As `deleteKey`, for a key that is locked. */
export async function deleteLocked(stores: Stores, key: StoredKey, now: number): Promise<LedgerEntry[]> {
  await stores.keys.delete(key.id, now);
  return [{ action: 'key.deleted', ...keySubject(key) }];
}
