import type { Propagation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { keySubject, lockKey } from './lock-key.ts';

/**
 * Takes a key off the list for good. Its secrets stay known as hashes, so that they cannot come back.
 * @throws not_found, forbidden
 */
export async function deleteKey(context: Context, caller: Caller, keyId: string): Promise<Propagation> {
  const { seq } = await context.change(caller, async (stores, now) => {
    const { key } = await lockKey(stores, caller, keyId, now);
    await stores.keys.delete(key.id, now);
    return { value: null, entries: [{ action: 'key.deleted', ...keySubject(key) }] };
  });
  return context.barrier(seq);
}
