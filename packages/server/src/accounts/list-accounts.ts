import type { AccountRecord, ListAccountsQuery, Page } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { paginate } from '../domain/paginate.ts';
import { viewAccount } from './account-rules.ts';

/**
 * The accounts of the instance, newest first.
 * @throws forbidden, validation_failed for a cursor of another list
 */
export async function listAccounts(
  { stores }: Context,
  caller: Caller,
  { limit, cursor, ...filter }: ListAccountsQuery,
): Promise<{ items: AccountRecord[]; page: Page }> {
  requireInstance(caller);
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['accounts', filter],
    read: (slice) => stores.accounts.list(filter, slice),
    count: (max) => stores.accounts.count(filter, max),
    positionOf: (account) => ({ value: null, id: account.id }),
  });
  return { items: items.map(viewAccount), page };
}
