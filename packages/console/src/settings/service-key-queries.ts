import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { queryClient } from '../api/queries.ts';

/** @param projectId null: all that there are in the instance */
export function serviceKeysQuery(projectId: string | null, cursor: string | undefined) {
  return queryOptions({
    queryKey: ['service-keys', projectId, cursor ?? null],
    queryFn: ({ signal }) =>
      api('GET /v1/service-keys', { query: { projectId: projectId ?? undefined, cursor }, signal }),
  });
}

export function refreshServiceKeys(): void {
  void queryClient.invalidateQueries({ queryKey: ['service-keys'] });
}
