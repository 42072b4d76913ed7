import { z } from 'zod';
import { id } from './id.ts';
import { pageQuery } from './page.ts';
import { propagation } from './propagation.ts';
import { text, time } from './text.ts';

/** An account as administrators of the instance see it. */
export const accountRecord = z.object({
  id: id('account'),
  name: z.string(),
  email: z.string(),
  isInstanceAdmin: z.boolean(),
  createdAt: time,
  projectCount: z.number().int().meta({ description: 'how many projects it is a member of' }),
});
export type AccountRecord = z.infer<typeof accountRecord>;

export const listAccountsQuery = pageQuery.extend({
  search: text({ max: 200 }).exactOptional().meta({ description: 'part of the name or e-mail address' }),
});
export type ListAccountsQuery = z.infer<typeof listAccountsQuery>;

export const updateAccountBody = z.strictObject({ isInstanceAdmin: z.boolean() });
export type UpdateAccountBody = z.infer<typeof updateAccountBody>;

export const accountWithPropagation = z.object({ account: accountRecord, propagation });
