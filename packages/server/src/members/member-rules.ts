import type { Invitation, Member } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredInvitation } from './invitation-store.ts';
import type { MemberRow, StoredMember } from './member-store.ts';

/**
 * The member as the contract shows it.
 * @param own the account whose keys alone the caller may see; null: those of all
 */
export function viewMember(member: MemberRow, own: string | null): Member {
  const { accountId, name, email, role, keyCount, joinedAt } = member;
  const isHidden = own !== null && own !== accountId;
  return {
    accountId,
    name,
    email,
    role,
    keyCount: isHidden ? null : keyCount,
    joinedAt: formatTime(joinedAt),
  };
}

/** The invitation as the contract shows it. */
export function viewInvitation(invitation: StoredInvitation): Invitation {
  const { id, email, role, createdAt, createdBy, expiresAt } = invitation;
  return {
    id,
    email,
    role,
    createdAt: formatTime(createdAt),
    createdBy,
    expiresAt: formatTime(expiresAt),
  };
}

/** The subject of a ledger entry about a member. */
export function memberSubject(
  projectId: string,
  account: { id: string; name: string },
): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId, subject: { type: 'account', id: account.id, name: account.name } };
}

/** The subject of a ledger entry about an invitation. */
export function invitationSubject({
  projectId,
  id,
  email,
}: StoredInvitation): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId, subject: { type: 'invitation', id, name: email } };
}

/**
 * A project that has owners keeps one. Call it behind `lockAll`, so that the last two cannot go at once.
 * @throws last_owner when this member is the only one
 */
export async function requireOtherOwner({ members }: Stores, member: StoredMember): Promise<void> {
  if (member.role !== 'owner' || (await members.countOwners(member.projectId)) > 1) return;
  throw new DomainError('last_owner', {
    detail: 'This is the only owner of the project. Make another member owner first.',
  });
}

/** Takes back what an account that may no longer invite had invited to a project: its links must not outlive it. */
export async function takeBackInvitations(
  { invitations }: Stores,
  projectId: string,
  accountId: string,
): Promise<LedgerEntry[]> {
  const taken = await invitations.deleteBy(projectId, accountId);
  return taken.map((invitation) => ({
    action: 'invitation.deleted',
    ...invitationSubject(invitation),
    detail: { reason: 'inviter_lost_authority' },
  }));
}
