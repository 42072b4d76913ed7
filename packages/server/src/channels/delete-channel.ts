import type { Propagation } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import { keySubject } from '../keys/lock-key.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { channelSubject, lockChannel } from './channel-rules.ts';

/** The change must not hold others up to tell the exact number. */
const mostCounted = 1000;

/**
 * Deletes a channel that no active or inactive key is bound to. Expired keys that are bound to it are revoked, since
 * a new expiry would revive them where they have no place.
 * @throws not_found, forbidden, channel_in_use
 */
export async function deleteChannel(
  context: Context,
  caller: Caller,
  channelId: string,
): Promise<Propagation> {
  const { seq } = await context.change(caller, async (stores, now) => {
    const { channel } = await lockChannel(stores, caller, channelId);
    const inUse = await stores.keys.countBoundToChannel(channelId, mostCounted, now);
    if (inUse > 0) {
      throw new DomainError('channel_in_use', {
        detail: `${inUse < mostCounted ? inUse : `${mostCounted} or more`} active or inactive keys are bound to this channel.`,
      });
    }
    const entries: LedgerEntry[] = [];
    const revocation = {
      status: 'revoked' as const,
      updatedAt: now,
      revokedAt: now,
      revokedReason: 'channel_deleted',
    };
    for (const key of await stores.keys.lockExpiredOfChannel(channelId, now)) {
      await stores.keys.update({ ...key, ...revocation });
      entries.push({ action: 'key.revoked', ...keySubject(key), detail: { reason: 'channel_deleted' } });
    }
    await stores.channels.delete(channelId, now);
    entries.push({ action: 'channel.deleted', ...channelSubject(channel), detail: { slug: channel.slug } });
    return { value: null, entries };
  });
  return context.barrier(seq);
}
