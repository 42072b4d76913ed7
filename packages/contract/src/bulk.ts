import { z } from 'zod';
import { type ErrorCode, errorCodes } from './error.ts';
import { id } from './id.ts';
import { propagation } from './propagation.ts';
import { text } from './text.ts';

export const bulkActions = ['activate', 'deactivate', 'revoke', 'delete'] as const;
export type BulkAction = (typeof bulkActions)[number];

export const maxBulkKeys = 100;

/** The same to many keys of a project. */
export const bulkKeysBody = z
  .strictObject({
    action: z.enum(bulkActions),
    keyIds: z
      .array(id('key'))
      .min(1, { error: 'must name at least one key' })
      .max(maxBulkKeys, { error: `must name at most ${maxBulkKeys} keys` })
      .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name a key twice' }),
    reason: text({ max: 200 })
      .nullable()
      .exactOptional()
      .meta({ description: 'why the keys are revoked; other actions take none' }),
  })
  .refine(({ action, reason }) => action === 'revoke' || (reason ?? null) === null, {
    path: ['reason'],
    error: 'is for revoking only',
  });
export type BulkKeysBody = z.infer<typeof bulkKeysBody>;

const bulkResult = z.object({
  keyId: id('key'),
  ok: z.boolean(),
  code: z
    .enum(errorCodes as [ErrorCode, ...ErrorCode[]])
    .exactOptional()
    .meta({ description: 'when it is not ok: the code with which the route for a single key would refuse' }),
});
export type BulkResult = z.infer<typeof bulkResult>;

export const bulkKeysAnswer = z.object({
  results: z.array(bulkResult).meta({ description: 'in the order of `keyIds`' }),
  propagation,
});
