import { randomBytes } from 'node:crypto';
import type { CreateInvitationBody, Invitation } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { newId } from '../domain/id.ts';
import { dayMs, formatTime } from '../domain/time.ts';
import { hashSecret, Secret } from '../keys/secret-format.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredInvitation } from './invitation-store.ts';
import { invitationSubject, viewInvitation } from './member-rules.ts';

const lifetimeMs = 7 * dayMs;
const tokenBytes = 32;

/**
 * Invites whoever has this address into a project. The token is answered this once; only its hash is kept. A former
 * invitation for the same address is replaced.
 * @throws not_found, forbidden, validation_failed for the address of a member
 */
export async function createInvitation(
  context: Context,
  caller: Caller,
  projectId: string,
  { email, role }: CreateInvitationBody,
): Promise<{ invitation: Invitation; token: Secret }> {
  authorize(caller, 'project:write', projectId, 'project');
  const token = new Secret(randomBytes(tokenBytes).toString('base64url'));
  const { value } = await context.change(
    caller,
    async (stores, now) => {
      if ((await stores.projects.lock(projectId, 'share')) === null) throw notFound('project');
      // It may be accepted at this moment: once it is gone, that is decided.
      const former = await stores.invitations.deleteFor(projectId, email);
      if (await stores.members.hasEmail(projectId, email))
        throw invalidField('email', 'belongs to a member of the project already');
      const invitation: StoredInvitation = {
        id: newId('invitation', now),
        projectId,
        email,
        role,
        createdAt: now,
        createdBy: caller.id,
        expiresAt: now + lifetimeMs,
      };
      await stores.invitations.insert(invitation, hashSecret(token.reveal()));
      return { value: invitation, entries: [...former.map(replacedEntry), createdEntry(invitation)] };
    },
    // Two invitations for one address wait for each other.
    { lockFirst: ({ members }) => members.lockAll() },
  );
  return { invitation: viewInvitation(value), token };
}

function replacedEntry(former: StoredInvitation): LedgerEntry {
  return { action: 'invitation.deleted', ...invitationSubject(former), detail: { reason: 'replaced' } };
}

function createdEntry(invitation: StoredInvitation): LedgerEntry {
  const detail = { role: invitation.role, expiresAt: formatTime(invitation.expiresAt) };
  return { action: 'invitation.created', ...invitationSubject(invitation), detail };
}
