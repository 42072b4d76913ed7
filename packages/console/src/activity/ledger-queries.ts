import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import type { ActivitySearch } from './activity-search.ts';

const dayMs = 86_400_000;

/** As the API takes it: from the beginning of the first day up to the end of the last. */
export function ledgerFilter({ action, actor, subject, from, to }: ActivitySearch) {
  return {
    action,
    actor,
    subject,
    from: from === undefined ? undefined : new Date(`${from}T00:00:00`).toISOString(),
    to: to === undefined ? undefined : new Date(startOfNextDay(to)).toISOString(),
  };
}

/** Not 24 hours later: a day on which the clocks change has more or fewer. */
function startOfNextDay(day: string): number {
  const noon = new Date(`${day}T12:00:00`);
  return new Date(noon.getTime() + dayMs).setHours(0, 0, 0, 0);
}

export function ledgerQuery(projectId: string, search: ActivitySearch, limit = 20) {
  const query = { ...ledgerFilter(search), cursor: search.cursor, limit };
  return queryOptions({
    queryKey: ['projects', projectId, 'ledger', query],
    queryFn: ({ signal }) =>
      api('GET /v1/projects/{projectId}/ledger', { params: { projectId }, query, signal }),
    placeholderData: keepPreviousData,
  });
}
