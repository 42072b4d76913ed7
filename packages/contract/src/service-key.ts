import { z } from 'zod';
import { id } from './id.ts';
import { pageQuery } from './page.ts';
import { propagation } from './propagation.ts';
import { serviceKeyScope } from './scope.ts';
import { text, time, timeInput } from './text.ts';

export const serviceKey = z.object({
  id: id('serviceKey'),
  name: z.string(),
  projectId: id('project').nullable().meta({ description: 'null: for the whole instance' }),
  scopes: z.array(serviceKeyScope),
  display: z.string(),
  createdAt: time,
  createdBy: z.string(),
  lastUsedAt: time.nullable(),
  expiresAt: time.nullable(),
});
export type ServiceKey = z.infer<typeof serviceKey>;

export const createServiceKeyBody = z.strictObject({
  name: text({ max: 100 }),
  projectId: id('project').nullable().default(null),
  scopes: z
    .array(serviceKeyScope)
    .min(1, { error: 'must name at least one scope' })
    .refine((list) => new Set(list).size === list.length, { error: 'must not name a scope twice' }),
  expiresAt: timeInput.nullable().exactOptional(),
});
export type CreateServiceKeyBody = z.infer<typeof createServiceKeyBody>;

export const listServiceKeysQuery = pageQuery.extend({ projectId: id('project').exactOptional() });
export type ListServiceKeysQuery = z.infer<typeof listServiceKeysQuery>;

const secret = z.string().meta({ description: 'shown this once; only its SHA-256 is kept' });
export const serviceKeyWithSecret = z.object({ serviceKey, secret });
export const rotatedServiceKey = z.object({ serviceKey, secret, propagation });
