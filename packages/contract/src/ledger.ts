import { z } from 'zod';
import { pageQuery } from './page.ts';
import { isPlainText, time, timeInput } from './text.ts';

export const ledgerActions = [
  'project.created',
  'project.updated',
  'project.deleted',
  'channel.created',
  'channel.updated',
  'channel.deleted',
  'key.created',
  'key.imported',
  'key.updated',
  'key.activated',
  'key.deactivated',
  'key.revoked',
  'key.rotated',
  'key.previous_retired',
  'key.quota_reset',
  'key.deleted',
  'service_key.created',
  'service_key.rotated',
  'service_key.deleted',
  'member.added',
  'member.updated',
  'member.removed',
  'invitation.created',
  'invitation.accepted',
  'invitation.deleted',
  'account.created',
  'account.updated',
  'account.password_changed',
  'account.email_changed',
  'account.link_created',
  'account.second_factor_on',
  'account.second_factor_off',
  'account.backup_codes_renewed',
  'account.passkey_added',
  'account.passkey_renamed',
  'account.passkey_removed',
  'account.admin_granted',
  'account.admin_revoked',
  'account.erased',
  'instance.updated',
  'instance.sessions_ended',
] as const;
export const ledgerAction = z.enum(ledgerActions);
export type LedgerAction = z.infer<typeof ledgerAction>;

export const actorTypes = ['account', 'service_key', 'system'] as const;
export type ActorType = (typeof actorTypes)[number];

export const subjectTypes = [
  'project',
  'channel',
  'key',
  'service_key',
  'account',
  'invitation',
  'instance',
] as const;
export type SubjectType = (typeof subjectTypes)[number];

export const ledgerRow = z.object({
  seq: z.number().int(),
  at: time,
  actor: z.object({ type: z.enum(actorTypes), id: z.string(), name: z.string().nullable() }),
  action: ledgerAction,
  projectId: z.string().nullable(),
  subject: z.object({ type: z.enum(subjectTypes), id: z.string(), name: z.string().nullable() }),
  detail: z.record(z.string(), z.unknown()),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 over the hash before and the body, in hex' }),
});
export type LedgerRow = z.infer<typeof ledgerRow>;

/** A line of an export: the row, and what a stranger needs to check the chain without the database. */
export const ledgerExportRow = ledgerRow.extend({
  body: z.string().meta({ description: 'the hashed text, verbatim' }),
  private: z.object({ salt: z.string(), json: z.string() }).nullable().meta({
    description: 'names and addresses, which the body holds as SHA-256(salt ‖ json) only; null when erased',
  }),
});
export type LedgerExportRow = z.infer<typeof ledgerExportRow>;

const filterId = z
  .string()
  .min(1)
  .max(200)
  .refine(isPlainText, { error: 'must not hold control characters' });

export const listLedgerQuery = pageQuery.extend({
  action: ledgerAction.exactOptional(),
  actor: filterId.exactOptional(),
  subject: filterId.exactOptional(),
  from: timeInput.exactOptional(),
  to: timeInput.exactOptional(),
});
export type ListLedgerQuery = z.infer<typeof listLedgerQuery>;
