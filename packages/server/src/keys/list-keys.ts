import type { Key, KeySort, ListKeysQuery, Page } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { type Position, paginate } from '../domain/paginate.ts';
import type { KeyFilter, KeyRow } from './key-store.ts';
import { viewKey } from './view.ts';

/** @throws not_found, forbidden, validation_failed for a cursor of another list */
export async function listKeys(
  { stores, clock, holdings }: Context,
  caller: Caller,
  projectId: string,
  { limit, cursor, sort, ...filters }: ListKeysQuery,
): Promise<{ items: Key[]; page: Page }> {
  authorize(caller, 'keys:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const now = clock.now();
  const own = ownOnly(caller, projectId);
  const filter: KeyFilter = { projectId, ...filters, ...(own !== null && { visibleTo: own }) };
  const { items, page } = await paginate<KeyRow>({
    limit,
    cursor,
    binding: ['keys', filter, sort],
    read: (slice) => stores.keys.list(filter, sort, slice, now),
    count: (max) => stores.keys.count(filter, max, now),
    positionOf: (key) => positionIn(sort, key),
    sortedBy: valueTypes[fieldOf(sort)],
  });
  return { items: items.map((key) => viewKey(key, now, holdings)), page };
}

const valueTypes = { createdAt: null, name: 'string', lastUsedAt: 'number', expiresAt: 'number' } as const;

function fieldOf(sort: KeySort): keyof typeof valueTypes {
  return (sort.startsWith('-') ? sort.slice(1) : sort) as keyof typeof valueTypes;
}

/** Ids sort by creation, so that for `createdAt` the id alone is the position. */
function positionIn(sort: KeySort, key: KeyRow): Position {
  const field = fieldOf(sort);
  if (field === 'name') return { value: key.name, id: key.id };
  if (field === 'expiresAt') return { value: key.expiresAt, id: key.id };
  if (field === 'lastUsedAt') return { value: key.lastUse?.at ?? null, id: key.id };
  return { value: null, id: key.id };
}
