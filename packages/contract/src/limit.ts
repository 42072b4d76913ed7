import { z } from 'zod';

export const quotaPeriods = ['day', 'month', 'total'] as const;
export type QuotaPeriod = (typeof quotaPeriods)[number];

/** 31 days. */
const maxWindowSeconds = 2_678_400;
const maxRateLimit = 1_000_000_000;
const maxQuota = 1_000_000_000_000;
const maxRateLimits = 5;

/** Under this name answers tell of the quota, so that no rate limit may have it. */
export const quotaName = 'quota';

const rateLimitName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -', abort: true })
  .refine((name) => name.toLowerCase() !== quotaName, { error: `must not be ${quotaName}` })
  .meta({ description: `unique in its key, and not "${quotaName}"` });

const windowSeconds = z
  .number()
  .int()
  .min(1)
  .max(maxWindowSeconds)
  .meta({ description: 'the length of a sliding window: in none of them more than limit is let through' });

const period = z
  .enum(quotaPeriods)
  .meta({ description: 'a calendar day or month in UTC; total: once, until it is reset' });

export const rateLimit = z.object({ name: z.string(), limit: z.number().int(), windowSeconds });
export type RateLimit = z.infer<typeof rateLimit>;

export const quota = z.object({
  limit: z.number().int(),
  period,
  used: z.number().int().meta({ description: 'in the present period' }),
});

export const rateLimitsInput = z
  .array(
    z.strictObject({
      name: rateLimitName,
      limit: z.number().int().min(1).max(maxRateLimit),
      windowSeconds,
    }),
  )
  .max(maxRateLimits, { error: `must have at most ${maxRateLimits} rate limits` })
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
    error: 'must not name a rate limit twice',
  });

export const quotaInput = z.strictObject({ limit: z.number().int().min(1).max(maxQuota), period });
export type QuotaInput = z.infer<typeof quotaInput>;
