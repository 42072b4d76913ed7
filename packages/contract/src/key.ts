import { z } from 'zod';
import { ipAllow } from './address.ts';
import { id } from './id.ts';
import { quota, quotaInput, rateLimit, rateLimitsInput } from './limit.ts';
import { metadata } from './metadata.ts';
import { pageQuery } from './page.ts';
import { secretFormat } from './policy.ts';
import { propagation } from './propagation.ts';
import { scopes } from './scope.ts';
import { isPlainText, isVisible, keepsReadingOrder, text, time, timeInput, turnsOrder } from './text.ts';

export const keyStatuses = ['active', 'inactive', 'revoked', 'expired'] as const;
export const keyStatus = z.enum(keyStatuses);
export type KeyStatus = z.infer<typeof keyStatus>;

export const key = z.object({
  id: id('key'),
  projectId: id('project'),
  channelId: id('channel').nullable(),
  ownerId: z.string().nullable(),
  name: z.string(),
  description: z.string().nullable(),
  format: secretFormat,
  display: z.string().nullable().meta({ description: 'the secret as lists show it, such as kw_aB3d…x9Zk' }),
  publicId: z.string().nullable().meta({ description: 'the public half of a pair; null for a token' }),
  status: keyStatus,
  scopes: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  rateLimits: z.array(rateLimit),
  quota: quota.nullable(),
  ipAllow: z.array(z.string()),
  expiresAt: time.nullable(),
  createdAt: time,
  createdBy: z.string().meta({ description: 'the id of the account or service key that made it' }),
  updatedAt: time,
  revokedAt: time.nullable(),
  revokedReason: z.string().nullable(),
  lastUsedAt: time.nullable(),
  lastUsedIp: z.string().nullable(),
  lastUsedAgent: z.string().nullable(),
  rotation: z
    .object({ endsAt: time, previousDisplay: z.string().nullable(), previousLastUsedAt: time.nullable() })
    .nullable()
    .meta({ description: 'set while the secret before the last rotation still works' }),
});
export type Key = z.infer<typeof key>;

/** Whom a key is for: an id of the provider's choice, kept as it is. */
export const ownerId = z
  .string()
  .min(1, { error: 'must not be empty' })
  .refine((value) => [...value.slice(0, 401)].length <= 200, { error: 'must have at most 200 characters' })
  .refine(isPlainText, { error: 'must be well-formed text without control characters', abort: true })
  .refine(keepsReadingOrder, { error: turnsOrder, abort: true })
  .refine((value) => value === '' || isVisible(value), { error: 'must not be invisible' })
  .meta({ maxLength: 200 });

const changeable = {
  description: text({ max: 500, lines: true }).nullable().exactOptional(),
  ownerId: ownerId.nullable().exactOptional(),
  expiresAt: timeInput.nullable().exactOptional(),
  scopes: scopes.exactOptional(),
  metadata: metadata.exactOptional(),
  rateLimits: rateLimitsInput.exactOptional(),
  quota: quotaInput.nullable().exactOptional(),
  ipAllow: ipAllow.exactOptional(),
};

export const createKeyBody = z.strictObject({
  name: text({ max: 100 })
    .exactOptional()
    .meta({ description: 'left out: "Key 1", "Key 2" … whichever is free' }),
  channelId: id('channel').nullable().exactOptional(),
  ...changeable,
});
export type CreateKeyBody = z.infer<typeof createKeyBody>;

export const updateKeyBody = z.strictObject({ name: text({ max: 100 }).exactOptional(), ...changeable });
export type UpdateKeyBody = z.infer<typeof updateKeyBody>;

export const revokeKeyBody = z.strictObject({
  reason: text({ max: 200 }).nullable().exactOptional(),
});

/** 30 days. */
export const maxOverlapSeconds = 2_592_000;
export const defaultOverlapSeconds = 86_400;

export const rotateKeyBody = z.strictObject({
  overlapSeconds: z.number().int().min(0).max(maxOverlapSeconds).default(defaultOverlapSeconds),
});

export const noBody = z.strictObject({});

const sortFields = ['createdAt', 'name', 'lastUsedAt', 'expiresAt'] as const;
export const keySorts = [...sortFields, ...sortFields.map((field) => `-${field}` as const)] as const;
export type KeySort = (typeof keySorts)[number];

export const listKeysQuery = pageQuery.extend({
  channelId: id('channel').exactOptional(),
  ownerId: ownerId.exactOptional(),
  status: keyStatus.exactOptional(),
  search: text({ max: 200 }).exactOptional(),
  sort: z.enum(keySorts).default('-createdAt'),
});
export type ListKeysQuery = z.infer<typeof listKeysQuery>;

export const keyAllowanceQuery = z.strictObject({
  channelId: id('channel').exactOptional().meta({ description: 'left out: the keys that are bound to none' }),
  ownerId: ownerId.exactOptional().meta({ description: 'left out: the account that asks' }),
});
export type KeyAllowanceQuery = z.infer<typeof keyAllowanceQuery>;

/** How many keys an owner may have in one place, and how many it has that count. */
export const keyAllowance = z.object({
  limit: z.number().int().nullable().meta({ description: 'null: as many as it likes' }),
  used: z.number().int().meta({ description: 'active and inactive keys' }),
});
export type KeyAllowance = z.infer<typeof keyAllowance>;

const secret = z.string().meta({ description: 'shown this once; only its SHA-256 is kept' });

export const keyWithSecret = z.object({ key, secret });
export const keyWithPropagation = z.object({ key, propagation });
export const rotatedKey = z.object({ key, secret, propagation });
