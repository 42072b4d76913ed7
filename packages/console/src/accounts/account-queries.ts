import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { meQuery, queryClient } from '../api/queries.ts';
import type { AccountsSearch } from './accounts-search.ts';

export function accountsQuery({ q, cursor }: AccountsSearch) {
  return queryOptions({
    queryKey: ['accounts', q ?? null, cursor ?? null],
    queryFn: ({ signal }) => api('GET /v1/accounts', { query: { search: q, cursor }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Has everything loaded anew that a change of accounts can have changed: first what the person itself may do now. */
export async function refreshAccounts(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  const me = queryClient.getQueryData(meQuery.queryKey);
  // Who is no longer an administrator is not asked to look at accounts once more before the page has gone.
  const maySeeAccounts = me?.type === 'account' && me.isInstanceAdmin;
  await Promise.all([
    queryClient.invalidateQueries({
      queryKey: ['accounts'],
      refetchType: maySeeAccounts ? 'active' : 'none',
    }),
    queryClient.invalidateQueries({ queryKey: ['projects'] }),
  ]);
}
