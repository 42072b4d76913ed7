import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';

/** A page of the project's channels. The page before stays in sight until the next one is there. */
export function channelListQuery(projectId: string, cursor: string | undefined) {
  return queryOptions({
    queryKey: ['projects', projectId, 'channels', 'list', cursor],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/channels', { params: { projectId }, query: { cursor }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function channelQuery(projectId: string, channelId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'channels', 'one', channelId],
    queryFn: ({ signal }) => api('GET /v1/channels/{channelId}', { params: { channelId }, signal }),
  });
}
