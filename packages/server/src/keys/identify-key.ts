import type { IdentifiedKey } from '@keywright/contract';
import { authorizeKey, type Caller, projectsWith } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { FoundSecret } from './key-store.ts';
import { timeOfEnd } from './secret-end.ts';
import { secretHashFromHex } from './secret-format.ts';
import { statusOf } from './view.ts';

/**
 * Which key a secret is or was, by its hash: also when it was rotated away, and when the key or its project is deleted.
 * @param sha256 in hex
 * @throws not_found also when the key is not the caller's to see, forbidden
 */
export async function identifyKey(
  { stores, clock }: Context,
  caller: Caller,
  sha256: string,
): Promise<IdentifiedKey> {
  // Asked before the search: who may read no keys does not learn whether this is one.
  projectsWith(caller, 'keys:read');
  const found = await stores.keys.findBySecret(secretHashFromHex(sha256));
  if (found === null) throw notFound('key');
  authorizeKey(caller, 'keys:read', found.key);
  return view(found, clock.now());
}

function view({ key, deletedAt, display, retiresAt }: FoundSecret, now: number): IdentifiedKey {
  const { id, name, projectId, channelId, ownerId, createdAt, revokedAt } = key;
  return {
    key: {
      id,
      name,
      projectId,
      channelId,
      ownerId,
      status: deletedAt === null ? statusOf(key, now) : 'deleted',
      createdAt: formatTime(createdAt),
      revokedAt: formatTime(revokedAt),
      deletedAt: formatTime(deletedAt),
    },
    secret: retiresAt === null ? 'current' : retiresAt > now ? 'previous' : 'retired',
    display,
    retiresAt: formatTime(retiresAt === null ? null : timeOfEnd(retiresAt)),
  };
}
