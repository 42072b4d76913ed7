import { z } from 'zod';
import { email } from './account.ts';
import { id } from './id.ts';
import { propagation } from './propagation.ts';
import { role } from './role.ts';
import { time } from './text.ts';

export const member = z.object({
  accountId: id('account'),
  name: z.string(),
  email: z.string(),
  role,
  keyCount: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'null: the caller may not see the keys of this member' }),
  joinedAt: time,
});
export type Member = z.infer<typeof member>;

export const updateMemberBody = z.strictObject({ role });
export type UpdateMemberBody = z.infer<typeof updateMemberBody>;

export const removeMemberQuery = z.strictObject({
  transferTo: id('account')
    .exactOptional()
    .meta({ description: 'the member who gets the keys; left out: they are revoked' }),
});
export type RemoveMemberQuery = z.infer<typeof removeMemberQuery>;

export const memberWithPropagation = z.object({ member, propagation });

/** One that was neither accepted nor taken back; also when it has expired. */
export const invitation = z.object({
  id: id('invitation'),
  email: z.string(),
  role,
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time,
});
export type Invitation = z.infer<typeof invitation>;

export const createInvitationBody = z.strictObject({ email, role });
export type CreateInvitationBody = z.infer<typeof createInvitationBody>;

export const invitationWithLink = z.object({
  invitation,
  link: z.string().meta({ description: 'shown this once, for the one person it is for; good for 7 days' }),
  sentTo: z
    .string()
    .nullable()
    .meta({ description: 'the address that the link went to by e-mail; null: pass it on' }),
});

export const acceptInvitationBody = z.strictObject({
  token: z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(200, { error: 'must have at most 200 characters' })
    .meta({ description: 'what follows `token=` in the link' }),
});

export const acceptedInvitation = z.object({ projectId: id('project'), role });
