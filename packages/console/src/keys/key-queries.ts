import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { queryClient } from '../api/queries.ts';
import type { KeyListSearch } from './key-list-search.ts';

interface Place {
  projectId: string;
  /** null: the project's own keys, and those of all its channels. */
  channelId: string | null;
}

/** A page of the list. The page before stays in sight until the next one is there. */
export function keyListQuery({ projectId, channelId }: Place, search: KeyListSearch) {
  const { q, status, owner, sort, size, cursor } = search;
  const query = {
    channelId: channelId ?? undefined,
    search: q,
    status,
    ownerId: owner,
    sort,
    limit: size,
    cursor,
  };
  return queryOptions({
    queryKey: ['projects', projectId, 'keys', 'list', query],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/keys', { params: { projectId }, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** How many keys an owner may have in a place, and how many of them there are. */
export function allowanceQuery({ projectId, channelId }: Place, ownerId: string | null) {
  const query = { channelId: channelId ?? undefined, ownerId: ownerId ?? undefined };
  return queryOptions({
    queryKey: ['projects', projectId, 'keys', 'allowance', query],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/key-allowance', { params: { projectId }, query, signal }),
  });
}

export function keyQuery(keyId: string) {
  return queryOptions({
    queryKey: ['keys', keyId],
    queryFn: ({ signal }) => api('GET /v1/keys/{keyId}', { params: { keyId }, signal }),
  });
}

const hourMs = 3_600_000;

/** What each of these keys was asked for in the last 24 hours, hour by hour. */
export function activityQuery(projectId: string, keyIds: readonly string[]) {
  return queryOptions({
    queryKey: ['projects', projectId, 'activity', keyIds],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/usage', {
        params: { projectId },
        query: {
          keyIds: keyIds.join(','),
          bucket: 'hour',
          from: new Date(Date.now() - 23 * hourMs).toISOString(),
        },
        signal,
      }),
    enabled: keyIds.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** What a key was used for in the last hour: who will notice when it ends. */
export function lastHourQuery(keyId: string) {
  return queryOptions({
    // By itself: it is not asked again when the key has just gone.
    queryKey: ['last-hour', keyId],
    queryFn: ({ signal }) =>
      api('GET /v1/keys/{keyId}/usage', {
        params: { keyId },
        query: { bucket: 'minute', from: new Date(Date.now() - hourMs).toISOString() },
        signal,
      }),
    staleTime: 5000,
  });
}

/** Has everything loaded anew that a change of keys can have changed. */
export function refreshKeys(projectId: string): void {
  void queryClient.invalidateQueries({ queryKey: ['projects', projectId] });
  void queryClient.invalidateQueries({ queryKey: ['keys'] });
}
