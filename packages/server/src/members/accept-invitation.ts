import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { hashSecret } from '../keys/secret-format.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { addMember } from './add-member.ts';
import type { StoredInvitation } from './invitation-store.ts';

interface Invited {
  id: string;
  name: string;
  email: string;
}

/**
 * Makes an account a member by the token of an invitation, which is used up by it. A part of a change: of signing up, or
 * of accepting when signed in. Who is a member by now keeps the role that it has.
 * @param account whose e-mail address must be the invited one
 * @throws not_found for a token that nothing belongs to any more, forbidden for another e-mail address
 */
export async function acceptInvitation(
  stores: Stores,
  account: Invited,
  token: string,
  now: number,
): Promise<{ invitation: StoredInvitation; entries: LedgerEntry[] }> {
  const invitation = await lockInvitation(stores, token);
  if (invitation === null || invitation.expiresAt <= now) {
    throw new DomainError('not_found', {
      detail: 'This invitation was used, replaced or taken back, or it has expired. Ask for a new one.',
    });
  }
  const { id, projectId, email, role } = invitation;
  if (account.email.toLowerCase() !== email) {
    throw new DomainError('forbidden', {
      detail: 'This invitation is for another e-mail address. Sign in with the account that has it.',
    });
  }
  await stores.invitations.delete(id);
  const subject = { type: 'invitation' as const, id, name: email };
  const detail = { role, accountId: account.id };
  return {
    invitation,
    entries: [
      { action: 'invitation.accepted', projectId, subject, detail },
      ...(await addMember(stores, account, { projectId, role, now })),
    ],
  };
}

/** Locks project and invitation. Of several that accept at once, those that come later find none. */
async function lockInvitation(stores: Stores, token: string): Promise<StoredInvitation | null> {
  const seen = await stores.invitations.findByToken(hashSecret(token));
  if (seen === null || (await stores.projects.lock(seen.projectId, 'share')) === null) return null;
  return stores.invitations.lock(seen.id);
}
