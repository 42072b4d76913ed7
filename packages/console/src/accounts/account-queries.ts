import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { queryClient, refreshMe } from '../api/queries.ts';
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
  await refreshMe();
  await Promise.all(
    [['accounts'], ['projects']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );
}
