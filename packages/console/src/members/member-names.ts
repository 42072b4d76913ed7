import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';

/** The first hundred members: to name owners by, and to choose among. */
export function memberNamesQuery(projectId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'members', 'names'],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/members', { params: { projectId }, query: { limit: 100 }, signal }),
    staleTime: 60_000,
  });
}
