import { api } from '../api/api.ts';
import { growingQuery } from '../api/queries.ts';

/** The members: to name owners by, and to choose among. */
export function memberNamesQuery(projectId: string) {
  return growingQuery(['projects', projectId, 'members', 'names'], (query, signal) =>
    api('GET /v1/projects/{projectId}/members', { params: { projectId }, query, signal }),
  );
}
