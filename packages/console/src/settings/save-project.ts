import type { Project, UpdateProjectBody } from '@keywright/contract';
import { api } from '../api/api.ts';
import { projectQuery, queryClient, refreshMe } from '../api/queries.ts';

/**
 * Changes a project, and shows the change wherever the project is shown.
 * @throws ApiError, UnreachableError
 */
export async function saveProject(projectId: string, body: UpdateProjectBody): Promise<Project> {
  const { project } = await api('PATCH /v1/projects/{projectId}', { params: { projectId }, body });
  queryClient.setQueryData(projectQuery(projectId).queryKey, project);
  void queryClient.invalidateQueries({ queryKey: ['projects'] });
  void refreshMe();
  return project;
}
