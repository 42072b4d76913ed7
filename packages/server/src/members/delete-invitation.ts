import type { Propagation } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { invitationSubject } from './member-rules.ts';

/**
 * Takes an invitation back: its link is good for nothing when this returns.
 * @throws not_found, forbidden
 */
export async function deleteInvitation(
  context: Context,
  caller: Caller,
  { projectId, invitationId }: { projectId: string; invitationId: string },
): Promise<Propagation> {
  authorize(caller, 'project:write', projectId, 'project');
  const { seq } = await context.change(caller, async (stores) => {
    if ((await stores.projects.lock(projectId, 'share')) === null) throw notFound('project');
    const invitation = await stores.invitations.lock(invitationId);
    if (invitation === null || invitation.projectId !== projectId) throw notFound('invitation');
    await stores.invitations.delete(invitationId);
    return { value: null, entries: [{ action: 'invitation.deleted', ...invitationSubject(invitation) }] };
  });
  return context.barrier(seq);
}
