import type { Page, Project } from '@keywright/contract';
import { type Caller, ownKeys, projectsWith } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { paginate } from '../domain/paginate.ts';
import { viewProject } from './project-rules.ts';

/**
 * The projects that the caller may see, newest first: all of them, its own, or those that it is a member of.
 * @throws forbidden, validation_failed for a cursor of another list
 */
export async function listProjects(
  { stores }: Context,
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Project[]; page: Page }> {
  const only = projectsWith(caller, 'project:read');
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['projects', only],
    read: (slice) => stores.projects.list(only, slice, ownKeys(caller)),
    count: (max) => stores.projects.count(only, max),
    positionOf: (project) => ({ value: null, id: project.id }),
  });
  return { items: items.map(viewProject), page };
}
