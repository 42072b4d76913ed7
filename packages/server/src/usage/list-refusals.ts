import type { ListRefusalsQuery, Page, Refusal } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { paginate, type Slice } from '../domain/paginate.ts';
import { viewRefusal } from './get-refusal.ts';
import { type RefusalFilter, type RefusalSlice, refusalsKeptMs } from './refusal-store.ts';

/**
 * What was refused in a project, newest first; a member sees what was asked of its own keys. Another's key, or one of
 * another project, has nothing to list, as one that does not exist.
 * @throws not_found, forbidden, validation_failed for a cursor of another list
 */
export async function listRefusals(
  { stores, clock }: Context,
  caller: Caller,
  projectId: string,
  { limit, cursor, ...query }: ListRefusalsQuery,
): Promise<{ items: Refusal[]; page: Page }> {
  authorize(caller, 'usage:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const own = ownOnly(caller, projectId);
  const asked = { projectId, ...query, ...(own !== null && { ownerId: own }) };
  const filter: RefusalFilter = { ...asked, since: clock.now() - refusalsKeptMs };
  const { items, page } = await paginate({
    limit,
    cursor,
    // Without the time since when: it goes on from page to page.
    binding: ['refusals', asked],
    read: (slice) => stores.refusals.list(filter, readSlice(slice)),
    count: (max) => stores.refusals.count(filter, max),
    positionOf: ({ at, id }) => ({ value: at, id: String(id) }),
    sortedBy: 'number',
  });
  return { items: items.map(viewRefusal), page };
}

/** A cursor is no sealed letter: who wrote a position into it that is none must not get an error of the database. */
function readSlice({ from, ...slice }: Slice): RefusalSlice {
  if (from === null) return { ...slice, from };
  const [at, id] = [from.value, Number(from.id)];
  if (typeof at !== 'number' || !/^\d+$/.test(from.id) || !Number.isSafeInteger(id))
    throw invalidField('cursor', 'is not a cursor of this list');
  return { ...slice, from: { at, id } };
}
