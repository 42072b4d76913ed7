import type { Member, Page } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { viewMember } from './member-rules.ts';
import type { MemberFilter } from './member-store.ts';

/**
 * The members of a project, the newest account first. Who is a member and no more sees itself and those who run the
 * project: where everybody who signs up becomes a member, the others are strangers to it, and their addresses private.
 * @throws not_found, forbidden, validation_failed for a cursor of another list
 */
export async function listMembers(
  { stores }: Context,
  caller: Caller,
  projectId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Member[]; page: Page }> {
  authorize(caller, 'project:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const own = ownOnly(caller, projectId);
  const filter: MemberFilter = { projectId, ...(own !== null && { visibleTo: own }) };
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['members', filter],
    read: (slice) => stores.members.list(filter, slice),
    count: (max) => stores.members.count(filter, max),
    positionOf: (member) => ({ value: null, id: member.accountId }),
  });
  return { items: items.map((member) => viewMember(member, own)), page };
}
