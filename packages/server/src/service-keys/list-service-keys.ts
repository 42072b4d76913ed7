import type { ListServiceKeysQuery, Page, ServiceKey } from '@keywright/contract';
import { type Caller, requireScope, seesProject } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { viewServiceKey } from './service-key-rules.ts';
import type { ServiceKeyFilter } from './service-key-store.ts';

/**
 * The service keys that the caller manages, newest first: all of them, or its project's.
 * @throws not_found for a project that it may not see, forbidden, validation_failed for a cursor of another list
 */
export async function listServiceKeys(
  { stores }: Context,
  caller: Caller,
  { limit, cursor, projectId }: ListServiceKeysQuery,
): Promise<{ items: ServiceKey[]; page: Page }> {
  if (projectId !== undefined && !seesProject(caller, projectId)) throw notFound('project');
  requireScope(caller, 'admin');
  const only = projectId ?? caller.projectId;
  const filter: ServiceKeyFilter = only === null ? {} : { projectId: only };
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
