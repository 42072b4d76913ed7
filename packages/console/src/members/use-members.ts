import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api } from '../api/api.ts';
import { growingQuery } from '../api/queries.ts';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';

function memberNamesQuery(projectId: string) {
  return growingQuery(['projects', projectId, 'members', 'names'], (query, signal) =>
    api('GET /v1/projects/{projectId}/members', { params: { projectId }, query, signal }),
  );
}

/** Somebody who has left is nowhere in the list: it is not read to its end for that. */
const mostByItself = 1000;

interface MembersOptions {
  /** Ids of owners and actors. Those of accounts are looked for, behind the first hundred members too. */
  wanted?: readonly (string | null)[];
  isEnabled?: boolean;
}

/** The members, to name owners by and to choose among: a hundred, and as many more as it takes to name who is wanted. */
export function useMembers({ wanted = [], isEnabled = true }: MembersOptions = {}) {
  const { me, project } = useProject();
  const list = useInfiniteQuery({ ...memberNamesQuery(project.id), enabled: isEnabled });
  const { data = [], hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = list;
  const known = new Set([me.id, ...data.map(({ accountId }) => accountId)]);
  const lacksSomebody = wanted.some((id) => id?.startsWith('acc_') && !known.has(id));
  const mayGrow = hasNextPage && !isFetching && !isFetchNextPageError && data.length < mostByItself;
  const grows = lacksSomebody && mayGrow;
  useEffect(() => {
    if (grows) void fetchNextPage();
  }, [grows, fetchNextPage]);
  return list;
}

/** Of these ids, accounts by the names that one may know; all others as they are. */
export function useNames(wanted: readonly (string | null)[], isEnabled = true): (id: string) => string {
  const t = useText();
  const { me, canOperate } = useProject();
  const { data } = useMembers({ wanted, isEnabled: canOperate && isEnabled });
  return useCallback(
    (id) => (id === me.id ? t('keys.me') : (data?.find(({ accountId }) => accountId === id)?.name ?? id)),
    [data, me.id, t],
  );
}
