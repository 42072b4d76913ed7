import { z } from 'zod';
import { id } from './id.ts';
import { key } from './key.ts';
import { ledgerRow } from './ledger.ts';
import { linkPurposes } from './link.ts';
import { invitation } from './member.ts';
import { pageQuery } from './page.ts';
import { propagation } from './propagation.ts';
import { refusedRequest } from './refusal.ts';
import { role } from './role.ts';
import { passkey } from './second-factor.ts';
import { text, time } from './text.ts';

/** An account as administrators of the instance see it. */
export const accountRecord = z.object({
  id: id('account'),
  name: z.string(),
  email: z.string(),
  isInstanceAdmin: z.boolean(),
  pendingEmail: z
    .string()
    .nullable()
    .meta({ description: 'the address that it asked for and did not confirm yet' }),
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

const exportedMembership = z.object({
  projectId: id('project'),
  projectName: z.string(),
  role,
  joinedAt: time,
});

const exportedSession = z.object({
  createdAt: time,
  expiresAt: time,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
});

export const exportedKey = key.extend({ deletedAt: time.nullable() });
export type ExportedKey = z.infer<typeof exportedKey>;

const exportedLink = z.object({
  purpose: z.enum(linkPurposes),
  email: z.string().nullable(),
  createdAt: time,
  expiresAt: time,
});

const exportedOrigin = z.object({
  keyId: id('key'),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  lastAt: time,
  count: z.number().int(),
});

const exportedRefusal = z.object({
  keyId: id('key'),
  requestId: z.string(),
  at: time,
  code: z.string(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  request: refusedRequest,
});

/** What does not grow with the years; keys and ledger follow it. */
export const accountExportHead = z.object({
  account: accountRecord,
  memberships: z.array(exportedMembership),
  sessions: z.array(exportedSession),
  secondFactor: z.object({ isOn: z.boolean(), since: time.nullable() }),
  passkeys: z.array(passkey),
  invitations: z.array(invitation.extend({ projectId: id('project') })).meta({
    description: 'those that are out for its e-mail address',
  }),
  links: z
    .array(exportedLink)
    .meta({ description: 'for another password or the confirmation of an address; without what opens them' }),
  origins: z.array(exportedOrigin).meta({ description: 'from where its keys were used of late' }),
  refusals: z
    .array(exportedRefusal)
    .meta({ description: 'requests with its keys that were refused of late' }),
});
export type AccountExportHead = z.infer<typeof accountExportHead>;

/** All that is kept about a person. No secret and no hash of one is in it. */
export const accountExport = accountExportHead.extend({
  keys: z.array(exportedKey).meta({ description: 'that it owns or made, deleted ones among them' }),
  ledger: z.array(ledgerRow).meta({ description: 'what it did, and what was done to it and its keys' }),
});
