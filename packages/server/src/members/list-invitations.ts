import type { Invitation, Page } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { viewInvitation } from './member-rules.ts';

/**
 * The invitations to a project that are out, newest first. They are for those who run it: who is invited is a stranger to
 * the members yet.
 * @throws not_found, forbidden, validation_failed for a cursor of another list
 */
export async function listInvitations(
  { stores }: Context,
  caller: Caller,
  projectId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Invitation[]; page: Page }> {
  authorize(caller, 'project:read', projectId, 'project');
  if (ownOnly(caller, projectId) !== null)
    throw new DomainError('forbidden', {
      detail: 'Invitations are for the owners and operators of a project.',
    });
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['invitations', projectId],
    read: (slice) => stores.invitations.list(projectId, slice),
    count: (max) => stores.invitations.count(projectId, max),
    positionOf: (invitation) => ({ value: null, id: invitation.id }),
  });
  return { items: items.map(viewInvitation), page };
}
