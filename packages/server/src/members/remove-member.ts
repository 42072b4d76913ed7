import type { Propagation, RemoveMemberQuery } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError, invalidField, notFound } from '../domain/error.ts';
import { memberSubject, requireOtherOwner, takeBackInvitations } from './member-rules.ts';
import { releaseKeys } from './release-keys.ts';

interface Removal extends RemoveMemberQuery {
  projectId: string;
  accountId: string;
}

/**
 * Takes a member out of a project, or lets it leave by itself. All of its keys there are revoked, or go to another member
 * (`transferTo`), in the same transaction. When this returns, no node answers "valid" for a revoked one any more.
 * @throws not_found, forbidden, last_owner, validation_failed; with `transferTo` also owner_not_member,
 *   key_limit_reached, name_taken
 */
export async function removeMember(
  context: Context,
  caller: Caller,
  { projectId, accountId, transferTo }: Removal,
): Promise<Propagation> {
  authorizeRemoval(caller, { projectId, accountId });
  if (transferTo !== undefined && ownOnly(caller, projectId) !== null)
    throw new DomainError('forbidden', { detail: 'A member cannot give its keys to another owner.' });
  if (transferTo === accountId) throw invalidField('transferTo', 'must be another member');
  const { seq } = await context.change(
    caller,
    async (stores, now) => {
      const member = await stores.members.lock(projectId, accountId);
      if (transferTo !== undefined && !(await stores.members.hold(projectId, transferTo)))
        throw new DomainError('owner_not_member');
      const project = await stores.projects.lock(projectId, 'share');
      if (project === null) throw notFound('project');
      const seen = await stores.members.find(projectId, accountId);
      if (member === null || seen === null) throw notFound('member');
      await requireOtherOwner(stores, member);
      const to = transferTo === undefined ? { reason: 'owner_removed' as const } : { ownerId: transferTo };
      const keys = await releaseKeys(stores, project, { from: accountId, to, now });
      await stores.members.delete(projectId, accountId);
      const takenBack = await takeBackInvitations(stores, projectId, accountId);
      const subject = memberSubject(projectId, { id: accountId, name: seen.name });
      const detail = { role: member.role, transferTo: transferTo ?? null };
      return {
        value: null,
        entries: [...keys, ...takenBack, { action: 'member.removed', ...subject, detail }],
      };
    },
    { lockFirst: ({ members }) => members.lockAll() },
  );
  return context.barrier(seq);
}

/** Whoever may change the project may, and each member for itself. */
function authorizeRemoval(caller: Caller, { projectId, accountId }: Removal): void {
  const isItself = caller.type === 'account' && caller.id === accountId;
  authorize(caller, isItself ? 'project:read' : 'project:write', projectId, 'project');
}
