import { z } from 'zod';

/** What a service key may do. */
export const serviceKeyScopes = [
  'verify',
  'keys:read',
  'keys:write',
  'channels:read',
  'channels:write',
  'usage:read',
  'audit:read',
  'admin',
] as const;

export const serviceKeyScope = z.enum(serviceKeyScopes);
export type ServiceKeyScope = z.infer<typeof serviceKeyScope>;

/** A scope that the provider made up for its own API. A trailing `*` in a key's scope covers all that begin so. */
export const scope = z
  .string()
  .regex(/^[a-z0-9:._*-]{1,64}$/, { error: 'must be 1 to 64 characters of a-z 0-9 : . _ * -' });

export const scopes = z
  .array(scope)
  .max(100, { error: 'must have at most 100 scopes' })
  .refine((list) => new Set(list).size === list.length, { error: 'must not name a scope twice' });
