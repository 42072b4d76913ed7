import { z } from 'zod';
import { id } from './id.ts';
import { keyStatuses } from './key.ts';
import { secretSha256 } from './secret-hash.ts';
import { time } from './text.ts';

export const identifyKeyBody = z.strictObject({ sha256: secretSha256 });

export const identifiedKey = z.object({
  key: z.object({
    id: id('key'),
    name: z.string(),
    projectId: id('project'),
    channelId: id('channel').nullable(),
    ownerId: z.string().nullable(),
    status: z.enum([...keyStatuses, 'deleted']).meta({
      description: '`deleted`: the key, or its project, is gone from all lists',
    }),
    createdAt: time,
    revokedAt: time.nullable(),
    deletedAt: time.nullable(),
  }),
  secret: z.enum(['current', 'previous', 'retired']).meta({
    description:
      '`current`: what the key has now, or had at its end; `previous`: from before the last rotation, and still in its overlap; `retired`: from before, and dead',
  }),
  display: z.string().nullable(),
  retiresAt: time.nullable().meta({ description: 'when the secret stops or stopped working by rotation' }),
});
export type IdentifiedKey = z.infer<typeof identifiedKey>;
