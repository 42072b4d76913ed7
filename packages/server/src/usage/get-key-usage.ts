import type { Usage, UsageQuery } from '@keywright/contract';
import { authorizeKey, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { readSpan } from './read-span.ts';
import { viewUsage } from './view.ts';

/** @throws not_found, forbidden, validation_failed for a time that cannot be told */
export async function getKeyUsage(
  { stores, clock }: Context,
  caller: Caller,
  keyId: string,
  query: UsageQuery,
): Promise<Usage> {
  const now = clock.now();
  const key = await stores.keys.find(keyId, now);
  if (key === null) throw notFound('key');
  authorizeKey(caller, 'usage:read', key);
  const keys = { projectId: key.projectId, keyIds: [key.id] };
  const [sums, origins] = await Promise.all([
    stores.usage.sumOfKeys(keys, readSpan(query, now)),
    stores.usage.originsOfKeys(keys),
  ]);
  return viewUsage(sums, origins);
}
