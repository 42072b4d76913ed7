import type { Propagation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { lockServiceKey, serviceKeySubject } from './service-key-rules.ts';

/**
 * Deletes a service key for good. It is dead on every node when this returns.
 * @throws not_found, forbidden
 */
export async function deleteServiceKey(context: Context, caller: Caller, id: string): Promise<Propagation> {
  const { seq } = await context.change(caller, async (stores, now) => {
    const serviceKey = await lockServiceKey(stores, caller, id);
    await stores.serviceKeys.delete(id, now);
    return { value: null, entries: [{ action: 'service_key.deleted', ...serviceKeySubject(serviceKey) }] };
  });
  return context.barrier(seq);
}
