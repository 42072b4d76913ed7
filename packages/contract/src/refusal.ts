import { z } from 'zod';
import { id } from './id.ts';
import { pageQuery } from './page.ts';
import { isPlainText, time } from './text.ts';
import { verifyCodes, verifyDoors } from './verify.ts';

/** A request id as answers have it; one of a batch ends with `.` and its place. */
export const requestId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,132}$/, { error: 'must be 1 to 132 characters of A-Z a-z 0-9 . _ -' });

/** The request for which a gateway asked. */
export const refusedRequest = z.object({ method: z.string(), path: z.string() }).nullable().meta({
  description: 'the request that a gateway asked for, without its query; null by the way "verify"',
});

/** A verification that was refused in the last 24 hours: what was asked, and why it was refused. */
export const refusal = z.object({
  requestId: z.string(),
  at: time,
  code: z.enum(verifyCodes),
  door: z.enum(verifyDoors).meta({ description: 'the way by which it was asked' }),
  detail: z.string().meta({ description: 'why it was refused, and what to do' }),
  key: z
    .object({ id: id('key'), name: z.string() })
    .nullable()
    .meta({ description: 'null for malformed and not_found' }),
  channel: z.string().nullable().meta({ description: 'as it was asked for: an id or a slug' }),
  scopes: z.array(z.string()),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  cost: z.number().int().nullable(),
  request: refusedRequest,
});
export type Refusal = z.infer<typeof refusal>;

export const listRefusalsQuery = pageQuery.extend({
  keyId: id('key').exactOptional(),
  channel: z
    .string()
    .min(1)
    .max(200)
    .refine(isPlainText, { error: 'must not hold control characters' })
    .exactOptional()
    .meta({ description: 'id or slug: what was asked at this channel, by either name' }),
  code: z.enum(verifyCodes).exactOptional(),
});
export type ListRefusalsQuery = z.infer<typeof listRefusalsQuery>;
