import type { Key } from '@keywright/contract';
import { authorizeKey, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { viewKey } from './view.ts';

/** @throws not_found, forbidden */
export async function getKey(
  { stores, clock, holdings }: Context,
  caller: Caller,
  keyId: string,
): Promise<Key> {
  const now = clock.now();
  const row = await stores.keys.find(keyId, now);
  if (row === null) throw notFound('key');
  authorizeKey(caller, 'keys:read', row);
  return viewKey(row, now, holdings);
}
