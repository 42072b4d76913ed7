import { z } from 'zod';
import { time } from './text.ts';

/** What a link that is for one account does, whoever opens it. */
export const linkPurposes = ['reset_password', 'confirm_email'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export const createAccountLinkBody = z.strictObject({ purpose: z.enum(linkPurposes) });
export type CreateAccountLinkBody = z.infer<typeof createAccountLinkBody>;

export const accountLink = z.object({
  link: z.string().meta({ description: 'shown this once, for the one person it is for; works once' }),
  sentTo: z
    .string()
    .nullable()
    .meta({ description: 'the address that the link went to by e-mail; null: pass it on' }),
  expiresAt: time,
});
export type AccountLink = z.infer<typeof accountLink>;
