import type { Member } from '@keywright/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { queryClient } from '../api/queries.ts';

/** A page of the members. The page before stays in sight until the next one is there. */
export function memberListQuery(projectId: string, cursor: string | undefined) {
  return queryOptions({
    queryKey: ['projects', projectId, 'members', 'list', cursor],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/members', { params: { projectId }, query: { cursor }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of the invitations that are out. */
export function invitationListQuery(projectId: string, cursor: string | undefined) {
  return queryOptions({
    queryKey: ['projects', projectId, 'invitations', 'list', cursor],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/invitations', { params: { projectId }, query: { cursor }, signal }),
    placeholderData: keepPreviousData,
  });
}

const mostPages = 20;

/** All members, or the first two thousand: among whom is chosen who gets the keys of somebody that goes. */
export function allMembersQuery(projectId: string) {
  return queryOptions({
    queryKey: ['projects', projectId, 'members', 'all'],
    queryFn: async ({ signal }) => {
      const members: Member[] = [];
      let cursor: string | undefined;
      for (let count = 0; count < mostPages; count++) {
        const query = { limit: 100, cursor };
        const { items, page } = await api('GET /v1/projects/{projectId}/members', {
          params: { projectId },
          query,
          signal,
        });
        members.push(...items);
        if (page.next === null) break;
        cursor = page.next;
      }
      return members;
    },
  });
}

/** Has everything loaded anew that a change of members can have changed: their keys are among it. */
export function refreshMembers(projectId: string): void {
  void queryClient.invalidateQueries({ queryKey: ['projects', projectId] });
  void queryClient.invalidateQueries({ queryKey: ['keys'] });
}
