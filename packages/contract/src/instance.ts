import { z } from 'zod';
import { id } from './id.ts';
import { propagation } from './propagation.ts';
import { text } from './text.ts';

/** Who may make an account: anybody, who was invited, nobody. */
export const signupModes = ['open', 'invite', 'closed'] as const;
const signup = z.enum(signupModes).meta({ description: 'who may make an account' });

export const instance = z.object({
  name: z.string(),
  signup,
  signupProjectId: id('project')
    .nullable()
    .meta({ description: 'what new accounts become members of; null: each gets a project of its own' }),
  supportUrl: z.string().nullable(),
  docsUrl: z.string().nullable(),
});
export type Instance = z.infer<typeof instance>;

/** An address that people are sent to. Nothing but http and https, since a click on `javascript:` would run it. */
const link = text({ max: 2000 }).refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
  error: 'must be an http or https address',
});

export const updateInstanceBody = z.strictObject({
  name: text({ max: 100 }).exactOptional(),
  signup: signup.exactOptional(),
  signupProjectId: id('project').nullable().exactOptional(),
  supportUrl: link.nullable().exactOptional(),
  docsUrl: link.nullable().exactOptional(),
});
export type UpdateInstanceBody = z.infer<typeof updateInstanceBody>;

export const instanceWithPropagation = z.object({ instance, propagation });
