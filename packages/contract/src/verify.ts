import { z } from 'zod';
import { ipAddress } from './address.ts';
import { quotaName } from './limit.ts';
import { scopes } from './scope.ts';
import { isPlainText, time } from './text.ts';

/** Why a verification answers as it does, in the order in which it is decided. */
export const verifyCodes = [
  'malformed',
  'not_found',
  'revoked',
  'inactive',
  'expired',
  'wrong_channel',
  'ip_denied',
  'insufficient_scope',
  'rate_limited',
  'quota_exceeded',
] as const;
export type RefusalCode = (typeof verifyCodes)[number];

/** The ways by which a verification is asked for. */
export const verifyDoors = ['verify', 'forward_auth', 'auth_request', 'ext_authz', 'gateway'] as const;
export type VerifyDoor = (typeof verifyDoors)[number];

/*
 * Plain `optional` here, where other bodies say `exactOptional`: JSON knows no `undefined`, so that they accept the
 * same, and zod checks the one ten times as fast as the other. Every verification goes through this schema.
 */

/** What is asked besides "is this key good?". */
const conditions = {
  channel: z.string().min(1).max(200).refine(isPlainText).optional().meta({ description: 'id or slug' }),
  scopes: scopes.optional().meta({ description: 'all of them are needed' }),
  ip: ipAddress.optional(),
  // A client's own to choose, and so never the reason of a refusal: as long as the head of a request may be.
  userAgent: z.string().max(16_384).optional().meta({ description: 'kept as far as it is shown' }),
  cost: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'how many units of its limits it takes; 1 if left out' }),
};

export const verifyBody = z
  .strictObject({
    key: z.string().optional().meta({ description: 'a token' }),
    publicId: z.string().optional().meta({ description: 'the public half of a pair' }),
    secret: z.string().optional().meta({ description: 'the secret half of a pair' }),
    ...conditions,
  })
  .refine(presentsOneCredential, { error: 'must have either key, or publicId and secret' });

function presentsOneCredential(body: { key?: unknown; publicId?: unknown; secret?: unknown }): boolean {
  if (body.key !== undefined) return body.publicId === undefined && body.secret === undefined;
  return body.publicId !== undefined && body.secret !== undefined;
}

export type VerifyBody = z.infer<typeof verifyBody>;

export const verifyBatchBody = z.strictObject({
  requests: z.array(verifyBody).min(1).max(100, { error: 'must have at most 100 requests' }),
});

const verifiedKey = z.object({
  id: z.string(),
  name: z.string(),
  projectId: z.string(),
  channelId: z.string().nullable(),
  ownerId: z.string().nullable(),
  scopes: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  expiresAt: time.nullable(),
});
export type VerifiedKey = z.infer<typeof verifiedKey>;

const limitState = z.object({
  name: z.string().meta({ description: `a rate limit's; the key's quota is told as "${quotaName}"` }),
  limit: z.number().int(),
  remaining: z.number().int(),
  resetSeconds: z.number().int().nullable().meta({
    description:
      'until the next units come back: 0 when nothing is used; null when they never do by themselves',
  }),
});
export type LimitState = z.infer<typeof limitState>;

const limits = z.array(limitState);

export const verifyAnswer = z.discriminatedUnion('valid', [
  z.object({
    valid: z.literal(true),
    code: z.literal('valid'),
    key: verifiedKey,
    limits,
    requestId: z.string(),
  }),
  z.object({
    valid: z.literal(false),
    code: z.enum(verifyCodes),
    key: verifiedKey.exactOptional().meta({ description: 'absent for malformed and not_found' }),
    limits: limits.exactOptional().meta({ description: 'for rate_limited and quota_exceeded' }),
    retryAfterSeconds: z.number().int().nullable().exactOptional().meta({
      description: 'for rate_limited and quota_exceeded; null when it costs more than is ever allowed',
    }),
    requestId: z.string(),
  }),
]);
export type VerifyAnswer = z.infer<typeof verifyAnswer>;

export const verifyBatchAnswer = z.object({ results: z.array(verifyAnswer) });
