import type { Role } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { acceptInvitation } from './accept-invitation.ts';

/**
 * Accepts an invitation as the account that is signed in.
 * @throws not_found, forbidden for another e-mail address, and for a service key
 */
export async function joinByInvitation(
  context: Context,
  caller: Caller,
  token: string,
): Promise<{ projectId: string; role: Role }> {
  if (caller.type !== 'account')
    throw new DomainError('forbidden', { detail: 'Invitations are for people: sign in to accept one.' });
  const { value } = await context.change(caller, async (stores, now) => {
    const account = await stores.accounts.hold(caller.id);
    if (account === null) throw new DomainError('unauthenticated');
    const { invitation, entries } = await acceptInvitation(stores, account, token, now);
    const member = await stores.members.find(invitation.projectId, account.id);
    if (member === null) throw new Error('who was invited did not become a member');
    return { value: { projectId: invitation.projectId, role: member.role }, entries };
  });
  return value;
}
