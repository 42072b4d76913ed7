import { queryOptions } from '@tanstack/react-query';
import { auth } from '../api/auth.ts';
import { queryClient, refreshMe } from '../api/queries.ts';

export const securityQuery = queryOptions({
  queryKey: ['account', 'security'],
  queryFn: () => auth('GET /security'),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: () => auth('GET /list-sessions'),
});

/** Loads anew what is shown of the account. */
export function refreshAccount(): void {
  void queryClient.invalidateQueries({ queryKey: ['account'] });
  void queryClient.invalidateQueries({ queryKey: ['session'] });
  void refreshMe();
}
