import type { Member, Propagation, UpdateMemberBody } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { memberSubject, requireOtherOwner, takeBackInvitations, viewMember } from './member-rules.ts';

/**
 * Gives a member another role. What it may no longer do ends with this, also for requests that run already.
 * @throws not_found, forbidden, last_owner
 */
export async function updateMember(
  context: Context,
  caller: Caller,
  { projectId, accountId }: { projectId: string; accountId: string },
  { role }: UpdateMemberBody,
): Promise<{ member: Member; propagation: Propagation }> {
  authorize(caller, 'project:write', projectId, 'project');
  const { value, seq } = await context.change(
    caller,
    async (stores) => {
      const member = await stores.members.lock(projectId, accountId);
      if ((await stores.projects.lock(projectId, 'share')) === null) throw notFound('project');
      const seen = await stores.members.find(projectId, accountId);
      if (member === null || seen === null) throw notFound('member');
      if (member.role === role) return { value: seen, entries: [] };
      await requireOtherOwner(stores, member);
      await stores.members.setRole(projectId, accountId, role);
      const detail = { role: { before: member.role, after: role } };
      const subject = memberSubject(projectId, { id: accountId, name: seen.name });
      const takenBack =
        member.role === 'owner' ? await takeBackInvitations(stores, projectId, accountId) : [];
      return {
        value: { ...seen, role },
        entries: [{ action: 'member.updated', ...subject, detail }, ...takenBack],
      };
    },
    { lockFirst: ({ members }) => members.lockAll() },
  );
  return { member: viewMember(value, null), propagation: await context.barrier(seq) };
}
