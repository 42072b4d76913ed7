import type { ListServiceKeysQuery, Page, ServiceKey } from '@keywright/contract';
import { authorize, type Caller, projectsWith } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { viewServiceKey } from './service-key-rules.ts';
import type { ServiceKeyFilter } from './service-key-store.ts';

/**
 * The service keys that the caller may see, newest first: all of them, or those of its projects.
 * @throws not_found for a project that it may not see, forbidden, validation_failed for a cursor of another list
 */
export async function listServiceKeys(
  { stores }: Context,
  caller: Caller,
  { limit, cursor, projectId }: ListServiceKeysQuery,
): Promise<{ items: ServiceKey[]; page: Page }> {
  if (projectId !== undefined) {
    authorize(caller, 'project:read', projectId, 'project');
    if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  }
  const projectIds = projectId === undefined ? projectsWith(caller, 'project:read') : [projectId];
  const filter: ServiceKeyFilter = projectIds === null ? {} : { projectIds };
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['service-keys', filter],
    read: (slice) => stores.serviceKeys.list(filter, slice),
    count: (max) => stores.serviceKeys.count(filter, max),
    positionOf: (serviceKey) => ({ value: null, id: serviceKey.id }),
  });
  return { items: items.map(viewServiceKey), page };
}
