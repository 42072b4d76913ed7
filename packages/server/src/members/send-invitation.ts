import type { CreateInvitationBody, Invitation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invitationMessage } from '../mail/messages.ts';
import type { PostOffice } from '../mail/post-office.ts';
import { createInvitation } from './create-invitation.ts';

interface SentInvitation {
  invitation: Invitation;
  /** Answered this once. */
  link: string;
  /** The address that it went to by e-mail; null: the link is to be passed on. */
  sentTo: string | null;
}

/**
 * Invites, and sends the link by e-mail when that can be sent.
 * @throws as `createInvitation`
 */
export async function sendInvitation(
  { context, post }: { context: Context; post: PostOffice },
  caller: Caller,
  projectId: string,
  body: CreateInvitationBody,
): Promise<SentInvitation> {
  const { invitation, token } = await createInvitation(context, caller, projectId, body);
  const link = post.linkTo('invite', token);
  const isSent =
    mayWrite(post, caller) && (await deliver({ context, post }, caller, { projectId, invitation, link }));
  return { invitation, link, sentTo: isSent ? invitation.email : null };
}

function mayWrite(post: PostOffice, caller: Caller): boolean {
  return post.canSend && (caller.type !== 'account' || caller.isInstanceAdmin || post.allows(caller.id));
}

async function deliver(
  { context: { stores }, post }: { context: Context; post: PostOffice },
  caller: Caller,
  { projectId, invitation, link }: { projectId: string; invitation: Invitation; link: string },
): Promise<boolean> {
  const [instance, project] = await Promise.all([stores.instance.find(), stores.projects.find(projectId)]);
  if (project === null) return false;
  const { email: to, expiresAt } = invitation;
  return post.deliver(
    invitationMessage({
      to,
      instance: instance.name,
      project: project.name,
      inviter: caller.type === 'account' ? caller.name : null,
      link,
      expiresAt: Date.parse(expiresAt),
    }),
  );
}
